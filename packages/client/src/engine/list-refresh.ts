// This account's device list, signed anew about weekly (spec §2), so that its age says something: an old list may be one behind which a relay
// hides a newer. Not a concern here: what others do with it.

import { DEVICE_LIST_REFRESH_MS } from "@sotto/protocol";
import { LIST_REFRESH_STEP_MS } from "../limits.ts";
import { announceList } from "./joining.ts";
import { isListed } from "./notices.ts";
import { signNextList } from "./own-list.ts";
import type { Transaction } from "./transaction.ts";

/** Signs the same devices once more if the list is old and this device can. */
export async function refreshList(tx: Transaction): Promise<void> {
  const { self, now } = tx;
  if (self.phrase === null || !isListed(tx)) return;
  // Two devices that sign at once make a fork: the first one of the list begins, the others come later and find it done.
  const order = self.list.entries.findIndex(({ id }) => id === tx.device.id);
  if (now - self.list.issued < DEVICE_LIST_REFRESH_MS + order * LIST_REFRESH_STEP_MS) return;
  await signNextList(tx, self.phrase, self.list.entries);
  announceList(tx);
}
