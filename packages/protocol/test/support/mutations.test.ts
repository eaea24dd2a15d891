// The fuzzer must catch what it is for: planted faults in decoders.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Reader, ascii, equalBytes } from "../../src/bytes.ts";
import { ProtocolError } from "../../src/errors.ts";
import { fuzzDecoder, mutations } from "./mutations.ts";

const valid = ascii("a valid input of some length");

function strict(bytes: Uint8Array): void {
  if (!equalBytes(bytes, valid)) throw new ProtocolError("decode/invalid", "not the input");
}

test("every mutation differs from the original", () => {
  fc.assert(fc.property(mutations(valid), (bytes) => !equalBytes(bytes, valid)));
});

test("even of nothing there are mutations", () => {
  fc.assert(fc.property(mutations(new Uint8Array()), (bytes) => bytes.length > 0));
});

test("a decoder that throws only its typed error passes", () => {
  fuzzDecoder(valid, strict, { refusesAll: true });
});

test("a planted crash is caught", () => {
  const crashes = (bytes: Uint8Array): void => {
    if (bytes.length < valid.length) throw new TypeError("cannot read properties of undefined");
    strict(bytes);
  };
  expect(() => fuzzDecoder(valid, crashes)).toThrow("Property failed");
});

test("a planted decoder that ignores trailing bytes is caught", () => {
  const lenient = (bytes: Uint8Array): void => strict(new Reader(bytes, "input").take(valid.length));
  expect(() => fuzzDecoder(valid, lenient, { refusesAll: true })).toThrow("Property failed");
});

test("a planted decoder that skips one bit is caught", () => {
  const skips = (bytes: Uint8Array): void => {
    const masked = bytes.slice();
    masked[5] = valid[5] as number;
    strict(masked);
  };
  expect(() => fuzzDecoder(valid, skips, { refusesAll: true, runs: 3000 })).toThrow("Property failed");
});

test("another error class can be asked for", () => {
  const fails = (bytes: Uint8Array): void => {
    if (!equalBytes(bytes, valid)) throw new RangeError();
  };
  fuzzDecoder(valid, fails, { error: RangeError });
});
