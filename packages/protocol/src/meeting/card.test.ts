import { describe, expect, test } from "vitest";
import { DAY, NOW, type Person, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { encodeContents } from "../content/contents.ts";
import { type CborInput, encodeCbor } from "../cbor.ts";
import { HELLO_ENVELOPE, MAX_CARD_LENGTH } from "../limits.ts";
import { Secret } from "../secret.ts";
import { MAX_SIGNAL_PLAINTEXT } from "../session/ratchet-session.ts";
import type { Bundle } from "./bundle.ts";
import { type Card, decodeCard, encodeCard, encodeCardWithin, verifyCard, verifyKeptCard } from "./card.ts";
import { maxHelloLength } from "./first-contact.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const first = (one: Person): Bundle => one.card.bundles[0] as Bundle;

/** A card as a faulty or hostile writer would lay it out. */
function rawCard(card: Card, change: { readonly [field: string]: CborInput | undefined }): Uint8Array {
  const { list, bundles, relays, chosen, requestKey, name } = card;
  return encodeCbor({
    list: list.bytes,
    bundles: bundles.map(({ bytes }) => bytes),
    relays,
    chosen,
    requestKey: requestKey.expose(),
    name,
    ...change,
  });
}

describe("cards", () => {
  test("come back verified", () => {
    const p = testPrimitives();
    const alice = person(p, { count: 3 });
    const read = verifyCard(p, encodeCard(alice.card), NOW);
    expect(encodeCard(read)).toEqual(encodeCard(alice.card));
    expect(read.requestKey.expose()).toEqual(alice.card.requestKey.expose());
    expect(rawCard(alice.card, {})).toEqual(encodeCard(alice.card));
  });

  test("of 16 devices, the longest relays and the longest name keep within the bound", () => {
    const p = testPrimitives();
    const alice = person(p, { count: 16, name: "👩".repeat(64) });
    const relays = ["r", "s"].map((letter) => `https://${letter.repeat(255 - 8)}`);
    const bytes = encodeCard({ ...alice.card, relays });
    expect(bytes.length).toBeLessThanOrEqual(MAX_CARD_LENGTH);
    expect(verifyCard(p, bytes, NOW).bundles).toHaveLength(16);
  });

  test("with a stale bundle are refused, unless they were verified when it was fresh", () => {
    const p = testPrimitives();
    const bytes = encodeCard(person(p).card);
    expect(() => verifyCard(p, bytes, NOW + 15 * DAY)).toThrow(code("meeting/stale"));
    expect(() => verifyCard(p, bytes, NOW - DAY)).toThrow(code("meeting/stale"));
    expect(verifyKeptCard(p, bytes).name).toBe("Alice");
  });

  test("with a bundle of somebody else, or the same bundle twice, are refused", () => {
    const p = testPrimitives();
    const [alice, mallory] = [person(p), person(p)];
    const foreign = encodeCard({ ...alice.card, bundles: [first(mallory)] });
    expect(() => verifyCard(p, foreign, NOW)).toThrow(code("identity/not-listed"));
    const twice = encodeCard({ ...alice.card, bundles: [first(alice), first(alice)] });
    expect(() => verifyCard(p, twice, NOW)).toThrow(code("decode/invalid"));
  });

  test("with a list that its account did not sign are refused", () => {
    const p = testPrimitives();
    const { card } = person(p);
    const list = Uint8Array.from(card.list.bytes, (byte, i) => (i === 5 ? byte ^ 1 : byte));
    expect(() => verifyCard(p, rawCard(card, { list }), NOW)).toThrow(code("identity/bad-signature"));
  });

  test.each<[string, { readonly [field: string]: CborInput | undefined }]>([
    ["no relay", { relays: [] }],
    ["relays that are no list", { relays: "https://relay.example" }],
    ["a relay of another scheme", { relays: ["ftp://relay.example"] }],
    ["a relay with a user", { relays: ["https://user@relay.example"] }],
    ["a relay too long", { relays: [`https://${"r".repeat(250)}`] }],
    ["a relay twice", { relays: ["https://relay.example", "https://relay.example"] }],
    ["five relays", { relays: [1, 2, 3, 4, 5].map((n) => `https://relay${n}.example`) }],
    ["relays too long together", { relays: [1, 2, 3].map((n) => `https://${String(n).repeat(200)}`) }],
    ["relays of no time", { chosen: undefined }],
    ["a name too long", { name: "x".repeat(65) }],
    ["a name with a control character", { name: "Alice\u0007" }],
    ["a name that turns the text around it", { name: "Alice\u202E" }],
    ["a short request key", { requestKey: new Uint8Array(31) }],
    ["17 bundles", { bundles: Array.from({ length: 17 }, () => new Uint8Array(1_888)) }],
    ["a bundle of another length", { bundles: [new Uint8Array(1_887)] }],
    ["a field too many", { phone: "no" }],
  ])("with %s are refused", (_, change) => {
    const bytes = rawCard(person(testPrimitives()).card, change);
    expect(() => decodeCard(bytes)).toThrow(code("decode/invalid"));
  });

  test.each([
    ["a bad relay", { relays: ["relay.example"] }],
    ["a bad name", { name: "a\nb" }],
    ["a bad request key", { requestKey: new Secret(new Uint8Array(16)) }],
  ])("with %s are not written", (_, change) => {
    expect(() => encodeCard({ ...person(testPrimitives()).card, ...change })).toThrow(code("argument/invalid"));
  });

  test("damage never does anything but a typed error", () => {
    const p = testPrimitives();
    fuzzDecoder(encodeCard(person(p).card), (bytes) => verifyCard(p, bytes, NOW), { runs: 150 });
    expect(() => decodeCard(new Uint8Array(MAX_CARD_LENGTH + 1))).toThrow(code("decode/invalid"));
  });
});

describe("cards that have to fit", () => {
  test("in a hello leave all bundles out: none fits beside what a session begins with", () => {
    const p = testPrimitives();
    const alice = person(p);
    const bytes = encodeCardWithin(alice.card, maxHelloLength(alice.list) - HELLO_ENVELOPE, 1, { listApart: true });
    expect(verifyCard(p, bytes, NOW, alice.list).bundles).toEqual([]);
  });

  test("in a message of a session hold the list and the writer's bundle, of few devices; beside the list, of 16", () => {
    const p = testPrimitives();
    const room = MAX_SIGNAL_PLAINTEXT - HELLO_ENVELOPE;
    const held = (count: number, listApart: boolean): number => {
      const { card, list } = person(p, { count });
      const bytes = encodeCardWithin(card, room, count, { listApart });
      return verifyCard(p, bytes, NOW, listApart ? list : undefined).bundles.length;
    };
    expect([held(13, false), held(16, false), held(16, true)]).toEqual([1, 0, 1]);
  });

  test("leave out bundles of other devices first, and the writer's never", () => {
    const p = testPrimitives();
    const alice = person(p, { count: 16 });
    const card = verifyCard(p, encodeCardWithin(alice.card, 6_000, 9), NOW);
    expect(card.bundles.map(({ deviceId }) => deviceId)).toEqual([9, 1]);
    expect(card.list.entries).toHaveLength(16);
  });

  test.each([
    [16, "", 31],
    [15, "", 121],
    [11, "👩".repeat(64), 255],
    [1, "👩".repeat(64), 255],
  ])("fit into a hello beside the list of %i devices with the name %j and a relay of %i bytes", (count, name, length) => {
    const p = testPrimitives();
    const alice = person(p, { count, name });
    const relays = [`https://${"r".repeat(length - 8)}`];
    const limit = maxHelloLength(alice.list) - HELLO_ENVELOPE;
    const bytes = encodeCardWithin({ ...alice.card, relays }, limit, count, { listApart: true });
    expect(verifyCard(p, bytes, NOW, alice.list)).toMatchObject({ relays, name });
  });

  test("leave out relays when no bundle is left, the first never", () => {
    const p = testPrimitives();
    const alice = person(p, { count: 15, name: "" });
    const relays = [1, 2, 3, 4].map((n) => `https://relay${n}.example`);
    const limit = maxHelloLength(alice.list) - HELLO_ENVELOPE;
    const within = (most: number): Uint8Array => encodeCardWithin({ ...alice.card, relays }, most, 1, { listApart: true });
    let bytes = within(limit);
    for (const left of [4, 3, 2, 1]) {
      expect(verifyCard(p, bytes, NOW, alice.list)).toMatchObject({ bundles: [], relays: relays.slice(0, left) });
      if (left > 1) bytes = within(bytes.length - 1);
    }
    expect(() => within(bytes.length - 1)).toThrow(code("message/too-large"));
  });

  test("do not fit beside the list of 16 devices with a byte more", () => {
    const p = testPrimitives();
    const alice = person(p, { count: 16, name: "" });
    const limit = maxHelloLength(alice.list) - HELLO_ENVELOPE;
    const card = { ...alice.card, relays: [`https://${"r".repeat(32 - 8)}`] };
    expect(() => encodeCardWithin(card, limit, 16, { listApart: true })).toThrow(code("message/too-large"));
  });

  test("the room that a hello's content takes around its card is counted to the byte", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const state = { version: most, hash: new Uint8Array(32) };
    const body = { card: new Uint8Array(500), lists: { mine: state, yours: state } };
    const content = { type: "hello", id: new Uint8Array(16), sent: most, body } as const;
    expect(encodeContents([content])).toHaveLength(500 + HELLO_ENVELOPE);
  });

  test("a card has its list either inside or beside it", () => {
    const p = testPrimitives();
    const alice = person(p);
    const apart = encodeCardWithin(alice.card, 1_000, 1, { listApart: true });
    expect(() => verifyCard(p, apart, NOW)).toThrow(code("decode/invalid"));
    expect(() => verifyCard(p, encodeCard(alice.card), NOW, alice.list)).toThrow(code("decode/invalid"));
  });

  test("that cannot fit say so", () => {
    const { card } = person(testPrimitives());
    expect(() => encodeCardWithin(card, 100, 1)).toThrow(code("message/too-large"));
  });
});
