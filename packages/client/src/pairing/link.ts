// QR login on the device that has the account: `Devices.scan` and `Devices.offer`. Takes the engine's `AccountGiver`; gives the link
// requests of the public surface. Not a concern here: what an account is made of, the cryptography of pairing.

import type { Primitives } from "@sotto/protocol";
import type { Cancellable, LinkOffer, LinkRequest, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import type { AccountGiver } from "./account-transfer.ts";

/** What the pairing flows need of their surroundings. */
export interface PairingContext {
  readonly primitives: Primitives;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** Reads what the new device shows. Nothing of the account is sent until `approve()`. */
export function scanLink(_context: PairingContext, _giver: AccountGiver, _qrText: string, _options?: Cancellable): Promise<LinkRequest> {
  throw new Error("not written yet");
}

/** Shows a code for the new device to read. */
export function offerLink(_context: PairingContext, _giver: AccountGiver, _options?: Cancellable): Promise<LinkOffer> {
  throw new Error("not written yet");
}
