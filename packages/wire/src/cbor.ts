// CBOR at the border: strict, deterministic, bounded (`@sotto/encoding`). Takes bytes of a stranger, gives a map whose fields are read one
// by one with their types; whatever is not exactly what the writer of the contract would have written is `frame/invalid`.
// Not its concern: what the fields mean.

import { type CborInput, decodeCbor, encodeCbor, Fields } from "@sotto/encoding";
import { WireError } from "./errors.ts";
import { MAX_FRAME_DEPTH } from "./limits.ts";

/** Deterministic CBOR of a frame; fields that are `undefined` are left out. */
export function encodeFrame(fields: { readonly [key: string]: CborInput | undefined }): Uint8Array {
  return encodeCbor(fields);
}

/**
 * The map in `bytes`; its byte strings are views of them.
 * @param what the frame's name, for the error
 * @throws WireError `frame/too-large`, `frame/invalid`
 */
export function decodeFrame(bytes: Uint8Array, maxBytes: number, what: string): Fields {
  if (bytes.length > maxBytes) throw new WireError("frame/too-large", `${what} has ${bytes.length} bytes, at most ${maxBytes} are allowed`);
  const invalid = (problem: string): WireError => new WireError("frame/invalid", problem);
  let value;
  try {
    value = decodeCbor(bytes, { maxDepth: MAX_FRAME_DEPTH, views: true });
  } catch (error) {
    throw invalid(`${what} is not deterministic CBOR: ${(error as Error).message}`);
  }
  return new Fields(value, what, invalid);
}
