// The exchange of QR login for any secret, without an account: `sendSecret` and `receiveSecret`. Not a concern here: what the secret is.

import { type PairingPeer, startPairingDisplay, startPairingScan } from "@sotto/protocol";
import type { Cancellable, SecretOffer, SecretReceipt } from "../api.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { MAX_SECRET_BYTES } from "../limits.ts";
import { makeQr } from "../qr.ts";
import { httpBase } from "../relay/relay-url.ts";
import { GiveRun } from "./give-run.ts";
import type { PairingContext } from "./pairing-driver.ts";
import { ReceiveRun } from "./receive-run.ts";

/** What is handed over, and where. */
export interface SendSecretOptions extends Cancellable {
  readonly relay: string | URL;
  readonly secret: Uint8Array;
  readonly deviceName: string;
}

/** Who takes it, and how the code came. */
export interface ReceiveSecretOptions extends Cancellable {
  readonly deviceName: string;
  /** Whether the code came as text, not through a camera: then the second code is asked too. */
  readonly typed?: boolean;
}

/** Shows a code; hands the secret, 1 to 3,000 bytes, to who reads it and is approved. `message/too-large`, `message/empty`, `relay/unreachable`. */
export async function offerSecret(context: PairingContext, { relay, secret, deviceName, signal }: SendSecretOptions): Promise<SecretOffer> {
  const { primitives, clock } = context;
  if (secret.length === 0) throw new MessengerError("message/empty", {});
  if (secret.length > MAX_SECRET_BYTES) throw new MessengerError("message/too-large", { limit: MAX_SECRET_BYTES, size: secret.length });
  try {
    const { qr, ...step } = startPairingDisplay(primitives, { role: "give", relay: httpBase(relay), now: clock.now(), deviceName });
    const run = await GiveRun.start(context, { step, refuse, signal });
    const request = run.asking.then(({ peer }) => ({
      deviceName: peer.deviceName,
      approve: (code: string) => run.approve(code, async () => secret),
      replyCode: run.replyCode,
      deny: () => run.deny(),
      done: run.delivered,
    }));
    request.catch(() => undefined); // a cancelled offer need not be waited for
    return { qr: makeQr(qr.text), expires: new Date(qr.expires), request, cancel: () => run.deny() };
  } catch (error) {
    throw asMessengerError(error);
  }
}

/** Takes the text of that code. `device/qr-invalid`, `device/expired`, `relay/unreachable`. */
export async function takeSecret(
  context: PairingContext,
  qrText: string,
  { deviceName, typed = false, signal }: ReceiveSecretOptions,
): Promise<SecretReceipt> {
  const { primitives, clock } = context;
  try {
    const run = new ReceiveRun(context, async (payload) => payload, signal);
    await run.begin(startPairingScan(primitives, { role: "receive", qrText, typed, now: clock.now(), deviceName }));
    return {
      checkCode: run.checkCode,
      state: run.state,
      confirm: (code) => run.confirm(code),
      secret: run.result,
      cancel: () => run.cancel(),
    };
  } catch (error) {
    throw asMessengerError(error);
  }
}

/** A secret goes to who waits for one, not to a device that would take it for an account. */
function refuse(peer: PairingPeer): string | undefined {
  return peer.device === undefined ? undefined : "the other device waits for an account, not for a secret";
}
