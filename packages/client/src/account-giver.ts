// Handing this account to a new device of its own. Takes the device that proved its key in a pairing; gives what it needs to be that device.
// Not a concern here: the pairing, becoming the new device (account-taker.ts).

import { deviceInList, MAX_DEVICES, nextDeviceId, type PublicKey } from "@sotto/protocol";
import type { Device, DeviceId, LinkMode } from "./api.ts";
import { encodeHandOver, type HandOver, sealSnapshot, snapshotOf } from "./engine/hand-over.ts";
import type { Transaction } from "./engine/transaction.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { LINK_PATIENCE_MS } from "./limits.ts";
import type { AccountGiver, NewDevice } from "./pairing/account-transfer.ts";
import type { RecoveryPhrase } from "./recovery.ts";
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

  get relay(): URL {
    return new URL(this.#views.engine.state.self.relay);
  }

  async exportAccountFor(device: NewDevice, mode: LinkMode): Promise<Uint8Array> {
    const { engine } = this.#views;
    if (mode === "transfer") await this.#recovery.authorise();
    // Durable before anything leaves: the new device may come back after this one was restarted.
    const { handOver, blob } = await engine.change(async (tx) => {
      const prepared = prepareHandOver(tx, device, mode);
      return { handOver: prepared, blob: sealSnapshot(tx.p, prepared, await snapshotOf(tx)) };
    });
    await engine.relay().putBlob(handOver.blobId, blob);
    return encodeHandOver(handOver);
  }

  async finishLink(device: NewDevice): Promise<Device> {
    const { engine, commits } = this.#views;
    const listed = (): Device | undefined => this.#listed(device.key);
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

  #listed(key: PublicKey): Device | undefined {
    const { self } = this.#views.engine.state;
    const entry = deviceInList(self.list, key);
    if (entry === undefined) return undefined;
    const name = self.deviceNames[String(entry.id)] ?? `Device ${entry.id}`;
    return { id: String(entry.id) as DeviceId, name, added: new Date(entry.added), current: false };
  }
}

/** Reserves the next device id for the device and says what it is handed. `device/not-root`, `device/limit`. */
function prepareHandOver(tx: Transaction, { key, name }: NewDevice, mode: LinkMode): HandOver {
  const { p, self, state, now } = tx;
  if (self.phrase === null) throw new MessengerError("device/not-root", {});
  if (self.list.entries.length >= MAX_DEVICES) throw new MessengerError("device/limit", { limit: MAX_DEVICES });
  const deviceId = nextId(tx);
  tx.changeSelf({ highestDeviceId: deviceId, pendingLink: { deviceId, key, name, since: now, nextMessage: state.messages.next } });
  return {
    list: self.list,
    deviceId,
    giver: state.device.id,
    name: self.name,
    relay: self.relay,
    requestKey: self.requestKey,
    published: self.published,
    handle: self.handle,
    blobId: p.randomBytes(32),
    blobKey: p.randomBytes(32),
    recovery: self.recovery,
    phrase: mode === "transfer" ? self.phrase : null,
  };
}

function nextId({ self }: Transaction): number {
  try {
    return nextDeviceId(self.list, self.highestDeviceId);
  } catch (error) {
    throw asMessengerError(error);
  }
}
