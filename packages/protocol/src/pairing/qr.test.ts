import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base32nopad } from "@scure/base";
import { concat } from "../bytes.ts";
import { Secret } from "../secret.ts";
import { type PairingQr, makeQr, qrText, readQr } from "./qr.ts";

const fields = (relay: string): Omit<PairingQr, "bytes"> => ({
  role: "give",
  psk: new Secret(new Uint8Array(32).fill(1)),
  exchangeKey: new Uint8Array(32).fill(2),
  kemHash: new Uint8Array(16).fill(3),
  expires: 1_800_000_120_000,
  relay,
});

test("what is written is read, for every code", () => {
  const codes = fc.record({
    role: fc.constantFrom("give" as const, "receive" as const),
    psk: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Secret(bytes)),
    exchangeKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    kemHash: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    expires: fc.integer({ min: 0, max: 0xffff_ffff }).map((seconds) => seconds * 1000),
    relay: fc.constantFrom("http://localhost:8080", "https://a", `https://${"r".repeat(247)}`, "https://relay.example/board"),
  });
  fc.assert(
    fc.property(codes, (code) => {
      const made = makeQr(code);
      const text = qrText(made);
      expect(text).toMatch(/^[A-Z2-7]+$/);
      expect(exposed(readQr(text))).toEqual(exposed(made));
      expect(exposed(readQr(text.toLowerCase().replaceAll(/(.{7})/g, "$1 \r\n\t")))).toEqual(exposed(made));
    }),
  );
});

test("the layout is the law's: version, role, psk, X25519 key, hash, expiry, relay", () => {
  const expected = concat(
    Uint8Array.of(1, 1),
    new Uint8Array(32).fill(1),
    new Uint8Array(32).fill(2),
    new Uint8Array(16).fill(3),
    Uint8Array.of(0x6b, 0x49, 0xd2, 0x78),
    new TextEncoder().encode("https://r"),
  );
  expect(base32nopad.decode(qrText(makeQr(fields("https://r"))))).toEqual(expected);
});

describe("not a code", () => {
  const bytes = base32nopad.decode(qrText(makeQr(fields("https://r"))));
  const changed = (position: number, value: number): Uint8Array => bytes.with(position, value);
  test.each([
    ["nothing", ""],
    ["other text", "https://example.org/#/i/abc"],
    ["a number in the alphabet's gap", "AAAA1AAA"],
    ["letters that only upper case makes ours", qrText(makeQr(fields("https://r"))).replace("A", "ﬀ")],
    ["another version", base32nopad.encode(changed(0, 2))],
    ["no role", base32nopad.encode(changed(1, 0))],
    ["an unknown role", base32nopad.encode(changed(1, 3))],
    ["no relay", base32nopad.encode(bytes.slice(0, 86))],
    ["a cut one", base32nopad.encode(bytes.slice(0, 85))],
    ["a relay of another scheme", base32nopad.encode(concat(bytes.slice(0, 86), new TextEncoder().encode("ftp://r")))],
    ["a relay with a user", base32nopad.encode(concat(bytes.slice(0, 86), new TextEncoder().encode("https://a@b")))],
    ["a relay that is too long", base32nopad.encode(concat(bytes.slice(0, 86), new TextEncoder().encode(`https://${"r".repeat(248)}`)))],
    ["bits after the end", `${qrText(makeQr(fields("https://rr"))).slice(0, -1)}B`],
  ])("%s", (_, text) => {
    expect(() => readQr(text)).toThrow(expect.objectContaining({ code: "pairing/qr-invalid", blame: "user" }));
  });

  test("a relay's address that could not be read is not written", () => {
    for (const relay of ["", "relay.example", "https://", "https://ü", `https://${"r".repeat(248)}`]) {
      expect(() => makeQr(fields(relay))).toThrow(expect.objectContaining({ code: "argument/invalid" }));
    }
  });
});

function exposed({ psk, bytes, ...rest }: PairingQr): unknown {
  return { ...rest, psk: psk.expose(), bytes: bytes.expose() };
}
