// QR login on the new device: behind `joinAsDevice`. Takes where to pair and how to adopt an account; gives a `JoinSession`. Not a
// concern here: what an account is made of, the cryptography of pairing.

import { newDevice, startPairingDisplay, startPairingScan } from "@sotto/protocol";
import type { Cancellable, JoinSession, Progress } from "../api.ts";
import { asMessengerError } from "../error-mapping.ts";
import { LiveValue } from "../live.ts";
import { makeQr } from "../qr.ts";
import { firstToAnswer } from "../relay/first-to-answer.ts";
import { relayList, type RelayOption } from "../relay/relay-list.ts";
import type { AdoptAccount, JoiningDevice } from "./account-transfer.ts";
import type { PairingContext } from "./pairing-driver.ts";
import { ReceiveRun } from "./receive-run.ts";

/** Where to pair, under which name, and what becomes of the account that arrives. */
export interface JoinOptions extends Cancellable {
  /** The first of these that works carries the pairing when this device displays the code; a code that is read names its own. */
  readonly relay: RelayOption;
  readonly deviceName: string;
  readonly adopt: AdoptAccount;
}

/** Shows a code and waits; takes a scan instead as long as nobody has read it. `relay/unreachable`, `argument/invalid`. */
export async function startJoin(context: PairingContext, { relay, deviceName, adopt, signal }: JoinOptions): Promise<JoinSession> {
  const { primitives, clock } = context;
  try {
    // The id is the account's to give: it comes with the account.
    const { keys, registrationId } = newDevice(primitives, 1);
    const device: JoiningDevice = { name: deviceName, keys, registrationId };
    const own = { role: "receive", deviceName, device: { keys, registrationId } } as const;
    const run = new ReceiveRun(context, (payload) => adopt(payload, device), signal);
    const { answer: qr } = await firstToAnswer(relayList(relay), async (at) => {
      const display = startPairingDisplay(primitives, { ...own, relay: at, now: clock.now() });
      await run.begin(display);
      return display.qr;
    });
    const progress = new LiveValue<Progress>({ done: 0, total: 0 });
    run.result.then(
      (client) => client.devices.history.subscribe((taken) => progress.set(taken)),
      () => undefined,
    );
    return {
      qr: makeQr(qr.text),
      expires: new Date(qr.expires),
      state: run.state,
      checkCode: run.checkCode,
      progress,
      client: run.result,
      scan: (qrText, { typed = false } = {}) =>
        begin(() => run.begin(startPairingScan(primitives, { ...own, qrText, typed, now: clock.now() }))),
      confirm: (code) => run.confirm(code),
      cancel: () => run.cancel(),
    };
  } catch (error) {
    throw asMessengerError(error);
  }
}

async function begin(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw asMessengerError(error);
  }
}
