// Handing the account over: reserves what the new device will be and seals what it is given. Takes the new device's key and name; gives bytes.
// `device/not-root`, `device/limit`. Not a concern here: the pairing, the relay that holds the blob, what the new device does.

import { MAX_DEVICES, nextDeviceId, type PublicKey } from "@sotto/protocol";
import type { LinkMode } from "../api.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { restoreRootOf } from "./restore-lane.ts";
import { encodeHandOver, type HandOver, sealSnapshot, snapshotOf } from "./hand-over.ts";
import { historyAt, partsOf } from "./history-parts.ts";
import { contactDigest } from "./notices.ts";
import { toldRelays } from "./own-relays.ts";
import type { Transaction } from "./transaction.ts";

/** Durable before anything leaves: the new device may come back after this one was restarted. */
export async function giveAccount(tx: Transaction, key: Uint8Array, name: string, mode: LinkMode): Promise<GivenAccount> {
  const handOver = reserve(tx, key, name, mode);
  const blob = sealSnapshot(tx.p, handOver, await snapshotOf(tx, key));
  const { blobId, blobKey, besides } = handOver;
  return { payload: encodeHandOver(handOver), blobId, blobKey, blob, end: tx.state.messages.next, parts: partsOf(besides) };
}

/** What the new device is given: the payload of the pairing, the blob, and how to make the parts of the history besides it. */
export interface GivenAccount {
  readonly payload: Uint8Array;
  readonly blobId: Uint8Array;
  readonly blobKey: Uint8Array;
  readonly blob: Uint8Array;
  readonly end: number;
  readonly parts: number;
}

/** Reserves the next device id for the device and says what it is handed. */
function reserve(tx: Transaction, key: Uint8Array, name: string, mode: LinkMode): HandOver {
  const { p, self, state } = tx;
  if (self.phrase === null) throw new MessengerError("device/not-root", {});
  if (self.list.entries.length >= MAX_DEVICES) throw new MessengerError("device/limit", { limit: MAX_DEVICES });
  const deviceId = nextId(tx);
  tx.changeSelf({
    highestDeviceId: deviceId,
    pendingLink: {
      deviceId,
      key,
      name,
      requestKey: self.requestKey,
      handed: Object.fromEntries([...tx.contacts.values()].map((contact) => [contact.id, contactDigest(tx, contact)])),
      nextMessage: state.messages.next,
      unread: [...tx.unread.values()].map(({ place }) => place),
    },
  });
  return {
    list: self.list,
    deviceId,
    giver: state.device.id,
    name: self.name,
    relays: toldRelays(self),
    requestKey: self.requestKey,
    restoreRoot: restoreRootOf(p, self.phrase, self.list.account, key as PublicKey),
    published: self.published,
    handle: self.handle,
    blobId: p.randomBytes(32),
    blobKey: p.randomBytes(32),
    ...historyAt(state.messages.next),
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
