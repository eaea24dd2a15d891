import { describe, expect, test } from "vitest";
import { DAY, NOW, type Person, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { MAX_INVITE_BLOB_LENGTH } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type Invite, inviteKeys, inviteLink, newInviteSecret, parseInvite } from "./invite.ts";
import { openInviteBlob, sealInviteBlob } from "./invite-blob.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });

function makeInvite(p: Primitives, maker: Person): { invite: Invite; keys: ReturnType<typeof inviteKeys> } {
  const secret = newInviteSecret(p);
  const relay = "https://relay.example";
  const invite = parseInvite(inviteLink(p, { origin: relay, relay, secret, account: maker.account.publicKey }));
  return { invite, keys: inviteKeys(p, secret) };
}

const offer = (maker: Person, { lasts = 7 * DAY, uses = 1 } = {}) => ({ card: maker.card, expires: NOW + lasts, uses });

describe("the blob behind an invite", () => {
  test("opens for whoever has the link", () => {
    const p = testPrimitives();
    const alice = person(p, { count: 2 });
    const { invite, keys } = makeInvite(p, alice);
    const opened = openInviteBlob(p, invite, sealInviteBlob(p, keys, offer(alice, { uses: 3 }), NOW), NOW);
    expect(opened).toMatchObject({ expires: NOW + 7 * DAY, uses: 3, card: { name: "Alice", list: alice.list } });
  });

  test("has one size for all names, and the longest card fits", () => {
    const p = testPrimitives();
    const size = (maker: Person): number => sealInviteBlob(p, makeInvite(p, maker).keys, offer(maker), NOW).length;
    expect(size(person(p, { name: "" }))).toBe(4096);
    expect(size(person(p, { name: "👩".repeat(64) }))).toBe(4096);
    const longest = person(p, { name: "👩".repeat(64), count: 16 });
    const relays = ["r", "s"].map((letter) => `https://${letter.repeat(255 - 8)}`);
    expect(size({ ...longest, card: { ...longest.card, relays } })).toBe(MAX_INVITE_BLOB_LENGTH);
  });

  test("of somebody else under the same secret is refused: the link names the account", () => {
    const p = testPrimitives();
    const [alice, mallory] = [person(p), person(p)];
    const { invite, keys } = makeInvite(p, alice);
    const swapped = sealInviteBlob(p, keys, offer(mallory), NOW);
    expect(() => openInviteBlob(p, invite, swapped, NOW)).toThrow(code("invite/wrong-account"));
  });

  test("of another invite does not open", () => {
    const p = testPrimitives();
    const alice = person(p);
    const blob = sealInviteBlob(p, makeInvite(p, alice).keys, offer(alice), NOW);
    expect(() => openInviteBlob(p, makeInvite(p, alice).invite, blob, NOW)).toThrow(code("invite/invalid"));
  });

  test("ends when it says, and its card must be fresh until then", () => {
    const p = testPrimitives();
    const alice = person(p);
    const { invite, keys } = makeInvite(p, alice);
    const blob = sealInviteBlob(p, keys, offer(alice, { lasts: DAY }), NOW);
    expect(openInviteBlob(p, invite, blob, NOW + DAY - 1).uses).toBe(1);
    expect(() => openInviteBlob(p, invite, blob, NOW + DAY)).toThrow(code("invite/expired"));
    const stale = person(p, { issued: NOW - 10 * DAY });
    const late = makeInvite(p, stale);
    const old = sealInviteBlob(p, late.keys, offer(stale), NOW);
    expect(() => openInviteBlob(p, late.invite, old, NOW + 5 * DAY)).toThrow(code("meeting/stale"));
  });

  test.each([
    ["an end that has passed", { lasts: 0 }],
    ["an end after more than 14 days", { lasts: 14 * DAY + 1 }],
    ["an end that is no number", { lasts: Number.NaN }],
    ["no uses", { uses: 0 }],
    ["21 uses", { uses: 21 }],
    ["half a use", { uses: 1.5 }],
  ])("is not made with %s", (_, terms) => {
    const p = testPrimitives();
    const alice = person(p);
    expect(() => sealInviteBlob(p, makeInvite(p, alice).keys, offer(alice, terms), NOW)).toThrow(code("argument/invalid"));
  });

  test("damaged in any way is refused", () => {
    const p = testPrimitives();
    const alice = person(p);
    const { invite, keys } = makeInvite(p, alice);
    const blob = sealInviteBlob(p, keys, offer(alice), NOW);
    fuzzDecoder(blob, (damaged) => openInviteBlob(p, invite, damaged, NOW), { refusesAll: true, runs: 100 });
    for (const size of [0, 4096, 8192, 20_480]) {
      expect(() => openInviteBlob(p, invite, new Uint8Array(size), NOW)).toThrow(code("invite/invalid"));
    }
  });
});
