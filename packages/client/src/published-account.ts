// An account as a relay's directory has it: fetched, and verified against the account key, whatever the relay says. Takes the account; gives
// its devices, the bundles to begin sessions from, and a one-time prekey of each device when they are asked for. Not a concern here: whom a
// handle names.

import {
  accountId,
  type DeviceList,
  type OneTimePrekey,
  type Primitives,
  type PublicKey,
  takenOneTimePrekey,
  verifyBundle,
  verifyDeviceList,
} from "@sotto/protocol";
import type { Cancellable } from "./api.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import type { ContactRecord } from "./records/contact-record.ts";
import type { FoundRecord, RelayClient } from "./relay/relay-client.ts";

/** What was verified of a published account. */
export interface PublishedAccount {
  readonly list: DeviceList;
  readonly bundles: ContactRecord["bundles"];
  /** One-time prekeys that the relay has handed to nobody else, by device id. */
  readonly oneTime: ContactRecord["oneTime"];
}

/** Where to look and how. `take`: one-time prekeys too, which are gone then. */
export interface LookUp extends Cancellable {
  readonly relay: RelayClient;
  readonly now: number;
  readonly take: boolean;
}

/** `undefined` when the account is not published. `identity/invalid` and its like when the relay gives what the account did not sign. */
export async function lookUpAccount(
  p: Primitives,
  account: PublicKey,
  { relay, now, take, signal }: LookUp,
): Promise<PublishedAccount | undefined> {
  const record = await relay.getRecord(account, { peek: !take, ...(signal === undefined ? {} : { signal }) });
  if (record === undefined) return undefined;
  try {
    return verified(p, account, record, now);
  } catch (error) {
    throw asMessengerError(error);
  }
}

function verified(p: Primitives, account: PublicKey, record: FoundRecord, now: number): PublishedAccount {
  const list = verifyDeviceList(p, record.list);
  if (accountId(list.account) !== accountId(account)) {
    throw new MessengerError("identity/invalid", { what: "the relay gave another account's devices" });
  }
  const bundles: Record<string, Uint8Array> = {};
  const oneTime: Record<string, OneTimePrekey> = {};
  for (const { bytes, oneTime: handedOut } of record.bundles) {
    const bundle = verifyBundle(p, bytes, list, now);
    bundles[String(bundle.deviceId)] = bundle.bytes;
    if (handedOut === undefined) continue;
    oneTime[String(bundle.deviceId)] = takenOneTimePrekey(p, handedOut.list, handedOut.taken, bundle.prekeys.oneTimeHash);
  }
  return { list, bundles, oneTime };
}
