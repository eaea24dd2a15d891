// Strict, deterministic CBOR with this package's errors: the one form in which this protocol writes anything that is not a fixed layout.
// The encoding itself is `@sotto/encoding`; what the fields of a map mean is not a concern here (fields.ts).

import { type CborInput, type CborValue, decodeCbor as decode, encodeCbor as encode } from "@sotto/encoding";
import { ProtocolError, type ProtocolErrorCode } from "./errors.ts";

export type { CborInput, CborValue } from "@sotto/encoding";

/** The one encoding of a value. `argument/invalid` for floats, unsafe integers, text that is not well-formed and nesting too deep. */
export function encodeCbor(value: CborInput | CborValue): Uint8Array {
  try {
    return encode(value);
  } catch (error) {
    throw new ProtocolError("argument/invalid", (error as Error).message);
  }
}

/** Reads what `encodeCbor` wrote and nothing else. Fails with `code`, naming `what`: no indefinite lengths, floats, tags, repeated or unsorted keys. */
export function decodeCbor(bytes: Uint8Array, what: string, code: ProtocolErrorCode = "decode/invalid"): CborValue {
  try {
    return decode(bytes);
  } catch (error) {
    throw new ProtocolError(code, `${what} is not the CBOR that this protocol writes: ${(error as Error).message}`);
  }
}
