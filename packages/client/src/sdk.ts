// The functions of the public surface, on a platform. Not a concern here: which platform (browser.ts, node.ts).

import { createAccountOn, listAccountsOn, openAccountOn } from "./account.ts";
import { joinAsDeviceOn } from "./account-taker.ts";
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
import type { PairingContext } from "./pairing/pairing-driver.ts";
import { offerSecret, takeSecret } from "./pairing/secret.ts";
import type { Platform } from "./platform.ts";
import { restoreAccountOn } from "./restore.ts";

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
    createAccount: createAccountOn(platform),
    openAccount: openAccountOn(platform),
    restoreAccount: restoreAccountOn(platform),
    joinAsDevice: joinAsDeviceOn(platform),
    listAccounts: listAccountsOn(platform),
    sendSecret: async ({ transport, deviceName = platform.deviceName(), ...options }) =>
      await offerSecret(pairing(transport), { ...options, deviceName }),
    receiveSecret: async (qrText, { transport, deviceName = platform.deviceName(), ...options } = {}) =>
      await takeSecret(pairing(transport), qrText, { ...options, deviceName }),
  };
}
