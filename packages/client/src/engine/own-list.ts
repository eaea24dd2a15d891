// Signing the next list of this account: only on a device that holds the words. Not a concern here: telling others.

import { accountFromEntropy, type DeviceEntry, signDeviceList } from "@sotto/protocol";
import { acceptOwnList } from "./device-lists.ts";
import type { Transaction } from "./transaction.ts";

/** The next version of the list, with these devices; takes it. */
export async function signNextList(tx: Transaction, entropy: Uint8Array, entries: readonly DeviceEntry[]): Promise<void> {
  const account = accountFromEntropy(tx.p, entropy);
  const { version, hash } = tx.self.list;
  const list = signDeviceList(tx.p, account, { version: version + 1, issued: tx.now, entries, previous: hash });
  account.privateKey.wipe();
  tx.changeSelf({ publishedAt: {} });
  await acceptOwnList(tx, list);
}
