// The door of @sotto/protocol/testing: what suites of every package share. Not for production code.

export { seededRandom, testPrimitives } from "./random.ts";
export { fuzzDecoder, mutations } from "./mutations.ts";
