// Handing this account to a new device of its own. Takes the device that proved its key in a pairing; gives what it needs to be that device.
// Not a concern here: the pairing, what is handed over (engine/giving.ts), becoming the new device (account-taker.ts).

import { deviceInList } from "@sotto/protocol";
import type { Device, LinkMode } from "./api.ts";
import { shownDevice } from "./devices.ts";
import { toldRelays } from "./engine/own-relays.ts";
import { partId, sealPart } from "./engine/history-parts.ts";
import { MessengerError } from "./errors.ts";
import { LINK_PATIENCE_MS } from "./limits.ts";
import type { AccountGiver, NewDevice } from "./pairing/account-transfer.ts";
import type { RecoveryPhrase } from "./recovery.ts";
import { firstToAnswer } from "./relay/first-to-answer.ts";
import type { Views } from "./views.ts";

/** Makes this account's next device. */
export class DeviceMaker implements AccountGiver {
  readonly deviceName: string;
  readonly #views: Views;
  readonly #recovery: RecoveryPhrase;

  constructor(views: Views, recovery: RecoveryPhrase, deviceName: string) {
    this.#views = views;
    this.#recovery = recovery;
    this.deviceName = deviceName;
  }

  get relays(): readonly string[] {
    return toldRelays(this.#views.engine.state.self);
  }

  async exportAccountFor(device: NewDevice, mode: LinkMode): Promise<Uint8Array> {
    const { engine } = this.#views;
    if (mode === "transfer") await this.#recovery.authorise();
    const { payload, blobId, blobKey, blob, end, parts } = await engine.run("giveAccount", device.key, device.name, mode);
    const leave = async (id: Uint8Array, bytes: Uint8Array): Promise<void> =>
      void (await firstToAnswer(this.relays, async (relay) => await engine.relay(relay).putBlob(id, bytes)));
    await leave(blobId, blob);
    const { primitives: p, state, clock } = engine;
    for (let number = 1; number <= parts; number++) {
      await leave(partId(p, blobKey, number), await sealPart(state, p, clock.now(), { end, blobKey, number }));
    }
    return payload;
  }

  async finishLink(device: NewDevice): Promise<Device> {
    const { engine, commits } = this.#views;
    const listed = (): Device | undefined => {
      const entry = deviceInList(engine.state.self.list, device.key);
      return entry === undefined ? undefined : shownDevice(engine.state, entry);
    };
    const deadline = new AbortController();
    const cancel = engine.clock.after(LINK_PATIENCE_MS, () => deadline.abort());
    try {
      while (listed() === undefined && !commits.closed && !deadline.signal.aborted) await commits.wait(deadline.signal);
    } finally {
      cancel();
    }
    const found = listed();
    if (found !== undefined) return found;
    if (commits.closed) throw new MessengerError("closed", {});
    throw new MessengerError("device/pairing-failed", {
      reason: "the new device has the account but was not heard of yet; it is added as soon as it is",
    });
  }
}
