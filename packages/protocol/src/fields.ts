// The fields of a CBOR map with this package's errors. Takes a decoded map, gives typed values (`@sotto/encoding`).

import { type CborValue, Fields as FieldsOf } from "@sotto/encoding";
import { ProtocolError, type ProtocolErrorCode } from "./errors.ts";

/** The fields of one map. Every reader fails with the code that the map was opened with. */
export class Fields extends FieldsOf {
  /** @param what the name of the map, for errors */
  constructor(value: CborValue | undefined, what: string, code: ProtocolErrorCode = "decode/invalid") {
    super(value, what, (problem) => new ProtocolError(code, problem));
  }
}
