// The door of @sotto/protocol/testing: what suites of every package share. Not for production code.

export { hex, toHex } from "./hex.ts";
export { accountWithDevices, deviceOf, resign } from "./device-lists.ts";
export { fuzzDecoder, mutations } from "./mutations.ts";
export { seededRandom, testPrimitives } from "./random.ts";
