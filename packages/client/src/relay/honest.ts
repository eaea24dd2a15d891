// What a relay sends is decoded or it has broken its promise.

import { WireError } from "@sotto/wire";
import { MessengerError } from "../errors.ts";

/** The result of a decoder; its refusal is the relay's fault: `relay/misbehaving`. */
export function honest<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) throw new MessengerError("relay/misbehaving", { what: error.message }, { cause: error });
    throw error;
  }
}
