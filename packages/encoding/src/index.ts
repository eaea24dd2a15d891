// The door of @sotto/encoding: how values become bytes, and bytes text. No cryptography, no policy; whoever uses it turns its one error into their own.

export { decodeBech32m, encodeBech32m } from "./bech32m.ts";
export { decodeCbor, decodeCborObjects } from "./decode.ts";
export { encodeCbor } from "./encode.ts";
export { Fields } from "./fields.ts";
export { GrowingBuffer } from "./growing-buffer.ts";
export { base32, base64url, hex } from "./radix.ts";
export { utf8Length } from "./utf8.ts";
export { type CborInput, type CborMap, type CborValue, EncodingError } from "./value.ts";
