// A new account out of nothing: its words, its key, its first device. Takes the platform; gives the function of the public surface. Not a
// concern here: keeping and opening it (account.ts).

import { accountFromPhrase, NO_PREVIOUS_LIST, newDevice, newPhrase, signDeviceEntry, signDeviceList } from "@sotto/protocol";
import { refuseAborted } from "./aborted.ts";
import { makeAccount, selfOf } from "./new-account.ts";
import type { ClientOptions, CreateAccount } from "./api.ts";
import { checkName } from "./names.ts";
import type { Platform } from "./platform.ts";
import type { SelfRecord } from "./records/self-record.ts";

/** `createAccount` on a platform. */
export function createAccountOn(platform: Platform): CreateAccount {
  return async ({ name = "", ...options }) => {
    refuseAborted(options.signal);
    checkName(name);
    return await makeAccount(platform, options, newSelf(platform, options, name));
  };
}

/** A new account: its first device, alone in its first list. */
function newSelf(platform: Platform, options: ClientOptions, name: string): SelfRecord {
  const { primitives: p, clock } = platform;
  const phrase = newPhrase(p);
  const account = accountFromPhrase(p, phrase);
  const device = newDevice(p, 1);
  const now = clock.now();
  const entries = [signDeviceEntry(p, device, account.publicKey, now)];
  const list = signDeviceList(p, account, { version: 1, issued: now, entries, previous: NO_PREVIOUS_LIST });
  account.privateKey.wipe();
  return selfOf(platform, options, { name, account: account.publicKey, phrase, device, list });
}
