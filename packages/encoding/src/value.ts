// What can be written and read, and the error for everything else. The subset of CBOR (RFC 8949) that this system speaks: safe integers,
// byte strings, text, arrays, maps with text keys, booleans and null.

/** What can be written. A property that is `undefined` is left out. */
export type CborInput =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborInput[]
  | { readonly [key: string]: CborInput | undefined };

/** What is read: maps come as `Map`, in the order of their encoding, with text keys only. */
export type CborValue = null | boolean | number | string | Uint8Array | readonly CborValue[] | CborMap;
/** A map as it is read. */
export type CborMap = ReadonlyMap<string, CborValue>;

/** Levels of arrays and maps inside each other: the deepest contents (a copy) need eight, newer ones may need more; without a bound a reader overflows the stack. */
export const MAX_DEPTH = 16;

/** A value that has no encoding, or bytes that are none. */
export class EncodingError extends Error {
  override readonly name = "EncodingError";
}
