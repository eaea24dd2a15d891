// Handing this account to a new device of its own. Takes the device that proved its key in a pairing; gives what it needs to be that device.
// Not a concern here: the pairing, becoming the new device (account-taker.ts).

import type { Device, LinkMode } from "./api.ts";
import type { AccountGiver, NewDevice } from "./pairing/account-transfer.ts";
import type { RecoveryPhrase } from "./recovery.ts";
import type { Views } from "./views.ts";

/** Makes this account's next device. */
export class LinkedDevices implements AccountGiver {
  readonly deviceName: string;
  readonly #views: Views;

  constructor(views: Views, _recovery: RecoveryPhrase, deviceName: string) {
    this.#views = views;
    this.deviceName = deviceName;
  }

  get relay(): URL {
    return new URL(this.#views.engine.state.self.relay);
  }

  exportAccountFor(_device: NewDevice, _mode: LinkMode): Promise<Uint8Array> {
    throw new Error("not written yet");
  }

  finishLink(_device: NewDevice): Promise<Device> {
    throw new Error("not written yet");
  }
}
