// QR login on the new device: behind `joinAsDevice`. Takes where to pair and how to adopt an account; gives a `JoinSession`. Not a
// concern here: what an account is made of, the cryptography of pairing.

import type { Cancellable, JoinSession } from "../api.ts";
import type { AdoptAccount } from "./account-transfer.ts";
import type { PairingContext } from "./link.ts";

export interface JoinOptions extends Cancellable {
  readonly relay: string | URL;
  readonly deviceName: string;
  readonly adopt: AdoptAccount;
}

/** Shows a code and waits, and takes a scan instead. */
export function startJoin(_context: PairingContext, _options: JoinOptions): Promise<JoinSession> {
  throw new Error("not written yet");
}
