import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MessengerError } from "./errors.ts";
import { makeQr } from "./qr.ts";
import { decodeQr, type Picture } from "./qr-reader.ts";

/** A picture of the modules: `scale` pixels each, 4 light modules around. */
function draw(matrix: readonly (readonly boolean[])[], scale = 4): Picture {
  const size = (matrix.length + 8) * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (matrix[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4] === true) data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return { data, width: size, height: size };
}

/** The modules that a terminal shows, light on dark, without the quiet zone of 2. */
function readTerminal(text: string, size: number): boolean[][] {
  const rows = text
    .split("\n")
    .flatMap((line) => [[...line].map((c) => c !== "█" && c !== "▀"), [...line].map((c) => c !== "█" && c !== "▄")]);
  return rows.slice(2, 2 + size).map((row) => row.slice(2, 2 + size));
}

describe("a QR code", () => {
  test("is read from a picture of it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.stringMatching(/^[A-Z2-7]{1,300}$/), fc.webUrl()), (text) => {
        expect(decodeQr(draw(makeQr(text).matrix()))).toBe(text);
      }),
      { numRuns: 20 },
    );
  });

  test("is the same in a terminal, with a light frame around it", () => {
    const qr = makeQr("https://relay.example/#/i/abc");
    const lines = qr.terminal().split("\n");
    expect(lines[0]).toMatch(/^█+$/);
    expect(readTerminal(qr.terminal(), qr.matrix().length)).toEqual(qr.matrix());
  });

  test("is not made of more text than fits", () => {
    expect(() => makeQr("x".repeat(5000))).toThrow(MessengerError);
  });

  test("is not seen where there is none", () => {
    expect(decodeQr({ data: new Uint8ClampedArray(100 * 100 * 4).fill(255), width: 100, height: 100 })).toBeUndefined();
    expect(decodeQr({ data: new Uint8ClampedArray(4), width: 100, height: 100 })).toBeUndefined();
    expect(decodeQr({ data: new Uint8ClampedArray(0), width: 0, height: 0 })).toBeUndefined();
  });
});
