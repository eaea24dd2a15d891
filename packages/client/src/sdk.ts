// The functions of the public surface, on a platform. Not a concern here: which platform (browser.ts, node.ts).

import { listAccountsOn, openAccountOn } from "./account.ts";
import type {
  CreateAccount,
  JoinAsDevice,
  ListAccounts,
  OpenAccount,
  ReceiveSecret,
  RestoreAccount,
  SendSecret,
  Transport,
} from "./api.ts";
import { later } from "./later.ts";
import type { PairingContext } from "./pairing/pairing-driver.ts";
import type { Platform } from "./platform.ts";

/** What `@sotto/client` can do, each described in `api.ts`. */
export interface Sdk {
  readonly createAccount: CreateAccount;
  readonly openAccount: OpenAccount;
  readonly restoreAccount: RestoreAccount;
  readonly joinAsDevice: JoinAsDevice;
  readonly listAccounts: ListAccounts;
  readonly sendSecret: SendSecret;
  readonly receiveSecret: ReceiveSecret;
}

/** The SDK of a platform. */
export function sdkOn(platform: Platform): Sdk {
  const pairing = (transport: Transport | undefined): PairingContext => ({ ...platform, transport: transport ?? platform.transport });
  return {
    createAccount: async (options) => await (await later.creating()).createAccountOn(platform)(options),
    openAccount: openAccountOn(platform),
    restoreAccount: async (phrase, options) => await (await later.restoring()).restoreAccountOn(platform)(phrase, options),
    joinAsDevice: async (options) => await (await later.joining()).joinAsDeviceOn(platform)(options),
    listAccounts: listAccountsOn(platform),
    sendSecret: async ({ transport, deviceName = platform.deviceName(), ...options }) =>
      await (await later.secrets()).offerSecret(pairing(transport), { ...options, deviceName }),
    receiveSecret: async (qrText, { transport, deviceName = platform.deviceName(), ...options } = {}) =>
      await (await later.secrets()).takeSecret(pairing(transport), qrText, { ...options, deviceName }),
  };
}
