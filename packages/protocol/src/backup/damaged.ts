// The one error for a backup that is not what was written.

import { ProtocolError } from "../errors.ts";

/** `backup/damaged`, with a reason for people: "it ends too early". */
export function damaged(reason: string): ProtocolError {
  return new ProtocolError("backup/damaged", `a backup is damaged: ${reason}`, { reason });
}
