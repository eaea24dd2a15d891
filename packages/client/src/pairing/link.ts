// QR login on the device that has the account: `Devices.scan` and `Devices.offer`. Takes the engine's `AccountGiver`; gives the link
// requests of the public surface. Not a concern here: what an account is made of, the cryptography of pairing.

import { type PairingPeer, startPairingDisplay, startPairingScan } from "@sotto/protocol";
import type { Cancellable, LinkOffer, LinkRequest } from "../api.ts";
import { asMessengerError } from "../error-mapping.ts";
import { makeQr } from "../qr.ts";
import { firstToAnswer } from "../relay/first-to-answer.ts";
import type { AccountGiver, NewDevice } from "./account-transfer.ts";
import { type Asking, GiveRun } from "./give-run.ts";
import type { PairingContext } from "./pairing-driver.ts";

/**
 * Reads what the new device shows; resolves when that device has answered. Nothing of the account is sent until `approve()`.
 * `device/qr-invalid`, `device/expired`, `device/already-used`, `relay/unreachable`.
 */
export async function scanLink(
  context: PairingContext,
  giver: AccountGiver,
  qrText: string,
  options: Cancellable = {},
): Promise<LinkRequest> {
  const { primitives, clock } = context;
  const { deviceName } = giver;
  const run = await failingAsOurs(async () => {
    const step = startPairingScan(primitives, { role: "give", qrText, typed: false, now: clock.now(), deviceName });
    return await GiveRun.start(context, { step, refuse, signal: options.signal });
  });
  return linkRequest(run, giver, await run.asking);
}

/** Shows a code for the new device to read. `relay/unreachable`. */
export async function offerLink(context: PairingContext, giver: AccountGiver, options: Cancellable = {}): Promise<LinkOffer> {
  const { primitives, clock } = context;
  const { deviceName } = giver;
  return await failingAsOurs(async () => {
    const { answer } = await firstToAnswer(giver.relays, async (relay) => {
      const { qr, ...step } = startPairingDisplay(primitives, { role: "give", relay, now: clock.now(), deviceName });
      return { qr, run: await GiveRun.start(context, { step, refuse, signal: options.signal }) };
    });
    const { qr, run } = answer;
    const request = run.asking.then((asking) => linkRequest(run, giver, asking));
    request.catch(() => undefined); // a cancelled offer need not be waited for
    return { qr: makeQr(qr.text), expires: new Date(qr.expires), request, cancel: () => run.deny() };
  });
}

function linkRequest(run: GiveRun, giver: AccountGiver, { peer, expires }: Asking): LinkRequest {
  const device: NewDevice = { name: peer.deviceName, ...(peer.device as NonNullable<PairingPeer["device"]>) };
  return {
    deviceName: peer.deviceName,
    expires,
    replyCode: run.replyCode,
    async approve({ code, mode = "link", signal }) {
      const deny = (): void => run.deny();
      signal?.addEventListener("abort", deny);
      try {
        await run.approve(code, () => giver.exportAccountFor(device, mode));
      } finally {
        signal?.removeEventListener("abort", deny);
      }
      return await giver.finishLink(device);
    },
    deny: () => run.deny(),
  };
}

/** An account goes to a device with keys of its own, not to whoever waits for some secret. */
function refuse(peer: PairingPeer): string | undefined {
  return peer.device === undefined ? "the other device waits for a secret, not for an account" : undefined;
}

async function failingAsOurs<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw asMessengerError(error);
  }
}
