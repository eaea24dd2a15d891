// The door of @sotto/encoding: how values become bytes. No cryptography, no policy; whoever uses it turns its one error into their own.

export { decodeCbor, decodeCborObjects } from "./decode.ts";
export { encodeCbor } from "./encode.ts";
export { Fields } from "./fields.ts";
export { utf8Length } from "./utf8.ts";
export { type CborInput, type CborMap, type CborValue, EncodingError } from "./value.ts";
