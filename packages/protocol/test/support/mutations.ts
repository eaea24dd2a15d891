// Damaged bytes for decoders: flipped, cut, extended, spliced. `fuzzDecoder` holds a decoder to the rule of the house: whatever arrives, it
// returns or throws its typed error, and nothing else.

import fc from "fast-check";
import { equalBytes } from "../../src/bytes.ts";
import { ProtocolError } from "../../src/errors.ts";

/** An arbitrary of byte strings that all differ from `bytes`: one to three damages each, at most 64 bytes longer. */
export function mutations(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc
    .array(damage(), { minLength: 1, maxLength: 3 })
    .map((damages) => damages.reduce((current, change) => change(current), bytes))
    .filter((changed) => !equalBytes(changed, bytes));
}

type Damage = (bytes: Uint8Array) => Uint8Array;

// Positions are fractions of the length, so that one arbitrary serves inputs of any size and shrinks well.
const position = (): fc.Arbitrary<number> => fc.integer({ min: 0, max: 0xffff });
const at = (bytes: Uint8Array, fraction: number): number => Math.floor((fraction * (bytes.length + 1)) / 0x10000);

function damage(): fc.Arbitrary<Damage> {
  return fc.oneof(flip(), overwrite(), truncate(), extend(), splice());
}

function flip(): fc.Arbitrary<Damage> {
  return fc.tuple(position(), fc.integer({ min: 0, max: 7 })).map(([where, bit]) => (bytes) => {
    const changed = bytes.slice();
    const i = Math.min(at(bytes, where), bytes.length - 1);
    if (i >= 0) changed[i] = (changed[i] as number) ^ (1 << bit);
    return changed;
  });
}

/** The values that decoders trip over: nothing, everything, and the sign bits of lengths and numbers. */
function overwrite(): fc.Arbitrary<Damage> {
  const value = fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff);
  return fc.tuple(position(), fc.integer({ min: 1, max: 8 }), value).map(([where, length, byte]) => (bytes) => {
    const start = at(bytes, where);
    return bytes.slice().fill(byte, start, start + length);
  });
}

function truncate(): fc.Arbitrary<Damage> {
  return position().map((where) => (bytes) => bytes.slice(0, at(bytes, where)));
}

function extend(): fc.Arbitrary<Damage> {
  return fc.uint8Array({ minLength: 1, maxLength: 64 }).map((tail) => (bytes) => join(bytes, tail));
}

/** A stretch of the input is moved, doubled or removed: valid pieces in places where they do not belong. */
function splice(): fc.Arbitrary<Damage> {
  return fc.tuple(position(), position(), fc.integer({ min: 0, max: 64 })).map(([from, to, length]) => (bytes) => {
    const source = at(bytes, from);
    const target = at(bytes, to);
    const piece = bytes.slice(source, source + length);
    return join(bytes.slice(0, target), piece, bytes.slice(target + (length % 2) * piece.length));
  });
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/**
 * Runs a decoder on `runs` damaged forms of a valid input. Fails when it throws anything but `error`, and with `refusesAll` also when it
 * accepts one (for input that is authenticated as a whole).
 */
export function fuzzDecoder(
  valid: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  options: { runs?: number; refusesAll?: boolean; error?: new (...args: never[]) => Error } = {},
): void {
  const { runs = 300, refusesAll = false, error = ProtocolError } = options;
  decode(valid);
  fc.assert(
    fc.property(mutations(valid), (bytes) => {
      try {
        decode(bytes);
      } catch (thrown) {
        if (thrown instanceof error) return;
        throw thrown;
      }
      if (refusesAll) throw new Error("the decoder accepted damaged bytes");
    }),
    { numRuns: runs },
  );
}
