// This account's devices as apps see them, and the doors to QR login. Not a concern here: the login itself (pairing/), what a new device gets
// (account-giver.ts), what a device list does (engine/device-lists.ts).

import type { DeviceEntry } from "@sotto/protocol";
import type { DeviceMaker } from "./account-giver.ts";
import { refuseAborted } from "./aborted.ts";
import type { Cancellable, Device, DeviceId, Devices, LinkOffer, LinkRequest, Progress } from "./api.ts";
import type { ClientSetting } from "./client.ts";
import type { State } from "./engine/state.ts";
import type { Commit } from "./engine/transaction.ts";
import { MessengerError } from "./errors.ts";
import { later } from "./later.ts";
import { LiveValue } from "./live.ts";
import { checkName } from "./names.ts";
import type { PairingContext } from "./pairing/pairing-driver.ts";
import type { RecoveryPhrase } from "./recovery.ts";
import type { Views } from "./views.ts";

/** The devices of one account. */
export class DeviceBook implements Devices {
  readonly list: LiveValue<readonly Device[]>;
  readonly history: LiveValue<Progress>;
  readonly #views: Views;
  readonly #pairing: PairingContext;
  readonly #recovery: RecoveryPhrase;
  readonly #deviceName: string;

  constructor(views: Views, recovery: RecoveryPhrase, { platform, options, deviceName }: ClientSetting) {
    const { primitives, clock } = platform;
    this.#views = views;
    this.#pairing = { primitives, clock, transport: options.transport ?? platform.transport };
    this.#recovery = recovery;
    this.#deviceName = deviceName;
    this.list = new LiveValue(this.#now());
    this.history = new LiveValue(this.#taken(), (a, b) => a.done === b.done && a.total === b.total);
  }

  async scan(qrText: string, options: Cancellable = {}): Promise<LinkRequest> {
    this.#requireWords();
    const { scanLink } = await later.linking();
    return await scanLink(this.#pairing, await this.#giver(), qrText, options);
  }

  async offer(options: Cancellable = {}): Promise<LinkOffer> {
    this.#requireWords();
    const { offerLink } = await later.linking();
    return await offerLink(this.#pairing, await this.#giver(), options);
  }

  async rename(id: DeviceId, name: string): Promise<void> {
    checkName(name);
    await this.#views.engine.run("renameDevice", id, name);
  }

  async revoke(id: DeviceId, { phrase, signal }: { phrase?: string } & Cancellable = {}): Promise<void> {
    refuseAborted(signal);
    const { engine } = this.#views;
    const entropy = phrase === undefined ? null : (await later.words()).entropyOf(engine.primitives, phrase);
    await engine.run("removeDevice", id, entropy);
  }

  /** Follows a commit. */
  refresh({ self, happenings }: Commit): void {
    if (self) {
      this.list.set(this.#now());
      this.history.set(this.#taken());
    }
    for (const happening of happenings) {
      if (happening.type !== "device-added") continue;
      const device = this.list.get().find(({ id }) => id === happening.device);
      if (device !== undefined) this.#views.events.emit("device-added", device);
    }
  }

  async #giver(): Promise<DeviceMaker> {
    const { DeviceMaker: Giver } = await later.giving();
    return new Giver(this.#views, this.#recovery, this.#deviceName);
  }

  /** Said before anybody holds up a phone: a device without the words cannot add another. */
  #requireWords(): void {
    if (this.#views.engine.state.self.phrase === null) throw new MessengerError("device/not-root", {});
  }

  #taken(): Progress {
    const { done, total } = this.#views.engine.state.self.history;
    return { done, total };
  }

  #now(): readonly Device[] {
    const { state } = this.#views.engine;
    return state.self.list.entries.map((entry) => shownDevice(state, entry));
  }
}

/** A device of the list as apps see it. */
export function shownDevice({ self, device: own }: State, { id, added }: DeviceEntry): Device {
  const name = self.deviceNames[String(id)]?.name ?? `Device ${id}`;
  return { id: String(id) as DeviceId, name, added: new Date(added), current: id === own.id };
}
