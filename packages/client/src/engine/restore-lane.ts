// The lane on which a device that was restored from the words introduces itself to the account's other devices: it has nothing but the words and
// their device keys. Not a concern here: watching it (lanes.ts), writing to it (../restore.ts).

import { ownRequestKey, type Primitives, type PublicKey, requestStream } from "@sotto/protocol";

/** The lane's root (32 bytes) for a device of the account; `entropy`: of the words. */
export function restoreRootOf(p: Primitives, entropy: Uint8Array, account: PublicKey, device: PublicKey): Uint8Array {
  return requestStream(p, ownRequestKey(p, entropy), account, device).expose();
}
