// Whatever bytes arrive, a decoder gives a value that encodes to the same bytes, or its typed error: nothing else, and soon.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countOneTimePrekeys, MAX_DIRECTORY_RECORD_BYTES, viewBundle, viewDeviceList, WireError } from "../src/index.ts";
import { codecs } from "./decoders.ts";
import { mutate, seeded } from "./support/mutations.ts";

const ROUNDS = 3000;

/** Runs `decode` on damaged forms of the samples; gives how many were refused. Anything but a value or a WireError fails the test. */
function batter(samples: readonly Uint8Array[], seed: number, decode: (bytes: Uint8Array) => void): number {
  const random = seeded(seed);
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const damaged = mutate(samples[random(samples.length)] as Uint8Array, random);
    try {
      decode(damaged);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      refused++;
    }
  }
  return refused;
}

describe.each(codecs)("$name", ({ name, values, encode, decode }) => {
  it("survives damage", () => {
    const samples = fc.sample(values, { numRuns: 20, seed: 1 }).map((value) => encode(value));
    const refused = batter(samples, 7, (damaged) => {
      const value = decode(damaged);
      expect(encode(value), name).toEqual(Uint8Array.from(damaged));
    });
    // The detector detects: most damage must be noticed where every byte has a meaning.
    expect(refused).toBeGreaterThan(ROUNDS / 20);
  });

  it("refuses ten thousand levels of nesting without exhausting the stack", () => {
    for (const byte of [0x81, 0xa1, 0xc1, 0x9f, 0xbf]) expect(() => decode(new Uint8Array(10_000).fill(byte))).toThrow(WireError);
  });

  it("refuses more bytes than any honest frame has", () => {
    expect(() => decode(new Uint8Array(MAX_DIRECTORY_RECORD_BYTES * 10 + 3))).toThrow(WireError);
  });
});

/** Bytes that begin with these, then threes. */
const sample = (length: number, ...first: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(length).fill(3);
  bytes.set(first);
  return bytes;
};

describe.each([
  { name: "view of a device list", view: viewDeviceList, bytes: sample(83 + 64 + 2 * 106, 1) },
  { name: "view of a bundle", view: viewBundle, bytes: sample(150, 1) },
  { name: "count of one-time prekeys", view: countOneTimePrekeys, bytes: sample(2 + 5 * 37, 0, 5) },
])("$name", ({ view, bytes }) => {
  it("survives damage", () => {
    expect(batter([bytes], 9, (damaged) => void view(damaged))).toBeGreaterThan(0);
  });
});
