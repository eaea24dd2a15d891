import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { person } from "../../test/messages/people.ts";
import { testPrimitives } from "../../test/support/index.ts";
import { MAX_INVITE_TEXT } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { claimAddress } from "./claim-slot.ts";
import { type Invite, inviteKeys, inviteLink, newInviteSecret, parseInvite, requireInviteAccount } from "./invite.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const relay = "http://localhost:8080";

function makeLink(
  p: Primitives,
  origin = "https://sotto.example",
): { link: string; secret: Uint8Array; account: ReturnType<typeof person> } {
  const account = person(p);
  const secret = newInviteSecret(p);
  const link = inviteLink(p, { origin, relay, secret, account: account.account.publicKey });
  return { link, secret: secret.expose(), account };
}

describe("invite links", () => {
  test("carry relay, secret and whose they are, in the fragment", () => {
    const p = testPrimitives();
    const { link, secret, account } = makeLink(p);
    expect(link).toMatch(/^https:\/\/sotto\.example\/#\/i\/[A-Za-z0-9_-]+$/);
    const invite = parseInvite(link);
    expect(invite.relay).toBe(relay);
    expect(invite.secret.expose()).toEqual(secret);
    expect(invite.accountHash).toEqual(p.sha256(account.account.publicKey).slice(0, 16));
    requireInviteAccount(p, invite, account.account.publicKey);
    expect(() => requireInviteAccount(p, invite, person(p).account.publicKey)).toThrow(code("invite/wrong-account"));
  });

  test("are read as people pass them on", () => {
    const p = testPrimitives();
    const { link } = makeLink(p);
    const payload = link.slice(link.indexOf("#/i/") + 4);
    const forms = [`  ${link}\n`, payload, `\t${payload} `, `#/i/${payload}`, `http://localhost:5173/app/#/i/${payload}`, `<${link}`];
    for (const form of forms) expect(parseInvite(form)).toEqual(parseInvite(link));
  });

  test("with a path or a slash at the end of the origin are one link", () => {
    const p = testPrimitives();
    expect(makeLink(p, "https://sotto.example/app/").link).toContain("https://sotto.example/app/#/i/");
    expect(() => makeLink(p, "sotto.example")).toThrow(code("argument/invalid"));
  });

  test.each<[string, (payload: string) => string]>([
    ["nothing", () => ""],
    ["something else", () => "https://example.com/"],
    ["an account id", () => `sotto1${"q".repeat(58)}`],
    ["a link that was cut", (payload) => payload.slice(0, 60)],
    ["a link that was cut by one character", (payload) => payload.slice(0, -1)],
    ["a link with a space in the middle", (payload) => `${payload.slice(0, 20)} ${payload.slice(20)}`],
    ["a link with characters of another alphabet", (payload) => `${payload.slice(0, 20)}+${payload.slice(21)}`],
    ["a newer version", (payload) => `Ag${payload.slice(2)}`],
    ["a book", () => "a".repeat(MAX_INVITE_TEXT + 1)],
  ])("%s is refused with a reason", (_, form) => {
    const { link } = makeLink(testPrimitives());
    const text = form(link.slice(link.indexOf("#/i/") + 4));
    expect(() => parseInvite(text)).toThrow(code("invite/invalid"));
  });

  test("what was cut is not taken for a newer version, nor is what never was a link", () => {
    const { link } = makeLink(testPrimitives());
    const payload = link.slice(link.indexOf("#/i/") + 4);
    expect(() => parseInvite("AAAA")).toThrow(/incomplete/);
    expect(() => parseInvite(`AA${payload.slice(2)}`)).toThrow(/not an invite link/);
    expect(() => parseInvite(`Ag${payload.slice(2)}`)).toThrow(/newer version/);
  });

  test("an error never repeats the text, which may hold a secret", () => {
    const { link } = makeLink(testPrimitives());
    const payload = link.slice(link.indexOf("#/i/") + 4);
    try {
      parseInvite(`${payload}!`);
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify({ ...(error as Error), message: (error as Error).message })).not.toContain(payload.slice(30, 60));
    }
  });

  test("whatever the text, there is an invite or the typed error", () => {
    const { link } = makeLink(testPrimitives());
    const damaged = fc.tuple(fc.nat({ max: link.length }), fc.nat({ max: 4 }), fc.string({ maxLength: 6 })).map(([at, cut, put]) => {
      return link.slice(0, at) + put + link.slice(at + cut);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          fc.string({ unit: "binary" }),
          fc.base64String().map((text) => `#/i/${text}`),
        ),
        (text) => {
          let invite: Invite;
          try {
            invite = parseInvite(text);
          } catch (error) {
            expect(error).toEqual(code("invite/invalid"));
            return;
          }
          expect(invite.secret).toHaveLength(32);
          expect(invite.accountHash).toHaveLength(16);
          expect(invite.relay).toMatch(/^https?:/);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe("an invite's secret", () => {
  test("makes keys and slots that have nothing in common", () => {
    const p = testPrimitives();
    const keys = inviteKeys(p, newInviteSecret(p));
    const others = inviteKeys(p, newInviteSecret(p));
    const derived = [keys, others].flatMap(({ blobId, blobKey, requestKey }) => [blobId, blobKey.expose(), requestKey.expose()].map(hex));
    expect(new Set(derived).size).toBe(6);
    const tags = Array.from({ length: 20 }, (_, slot) => hex(claimAddress(p, keys.requestKey, slot).tag));
    expect(new Set(tags).size).toBe(20);
    expect(() => claimAddress(p, keys.requestKey, 20)).toThrow(code("argument/invalid"));
    expect(() => claimAddress(p, keys.requestKey, -1)).toThrow(code("argument/invalid"));
  });

  test("is not printed", () => {
    const p = testPrimitives();
    const { link } = makeLink(p);
    const invite = parseInvite(link);
    expect(String(invite.secret)).toBe("Secret(32 bytes)");
    expect(() => JSON.stringify(invite)).toThrow(TypeError);
  });
});
