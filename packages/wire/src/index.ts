// The door of @sotto/wire: the contract between client and relay.

export * from "./blob.ts";
export * from "./cell.ts";
export { encodeFrame } from "./cbor.ts";
export * from "./directory.ts";
export * from "./errors.ts";
export * from "./failure.ts";
export * from "./handle.ts";
export * from "./info.ts";
export { fromBase64url, fromHex, readBe8, toBase64url, toHex, writeBe8 } from "./layout.ts";
export * from "./limits.ts";
export * from "./live.ts";
export * from "./segment.ts";
export * from "./shard.ts";
export * from "./signed-views.ts";
