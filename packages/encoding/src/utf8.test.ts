import fc from "fast-check";
import { expect, test } from "vitest";
import { readUtf8, utf8Length, writeUtf8 } from "./utf8.ts";

const wellFormed = fc.string({ unit: "binary", size: "large" }).filter((text) => text.isWellFormed());

function written(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}

test("a text is written as the platform writes it, and read again", () => {
  fc.assert(
    fc.property(wellFormed, (text) => {
      const bytes = written(text);
      expect(bytes).toEqual(new TextEncoder().encode(text));
      expect(readUtf8(bytes, 0, bytes.length)).toBe(text);
    }),
  );
});

test("the edges of each length", () => {
  for (const text of ["", "a", "\u007F", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFF", "\u{10000}", "\u{10FFFF}", "👩‍👩‍👧"]) {
    expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    expect(readUtf8(written(text), 0, utf8Length(text))).toBe(text);
  }
});

test("of arbitrary bytes it reads what the platform's strict decoder reads", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const outcome = (read: () => string): string | undefined => {
    try {
      return read();
    } catch {
      return undefined;
    }
  };
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0x90, 0x9f, 0xa0));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 8 }), (noise) => {
      const bytes = Uint8Array.from(noise);
      expect(outcome(() => readUtf8(bytes, 0, bytes.length))).toBe(outcome(() => decoder.decode(bytes)));
    }),
    { numRuns: 2000 },
  );
});
