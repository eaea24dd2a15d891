// What every type of content has: a body, how it is written, how it is read within bounds. One file per type holds its codec; contents.ts puts
// them together.

import type { CborInput } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import type { Fields } from "../fields.ts";

/** Writes and reads the body of one type of content. */
export interface BodyCodec<Body> {
  /** The fields of a body. `argument/invalid` or `message/too-large` for what no receiver would accept. */
  encode(body: Body): { readonly [field: string]: CborInput | undefined };
  /** A body from its fields; those that were not read are refused by whoever calls. Fails as `fields` does. */
  decode(fields: Fields): Body;
}

/** The error for a body of ours that breaks a bound. */
export function unacceptable(problem: string): ProtocolError {
  return new ProtocolError("argument/invalid", `a content cannot be sent: ${problem}`);
}
