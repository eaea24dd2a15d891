// Knock: a device that a known account cannot know yet, and that has nothing fresh to begin a session with, asks that one be begun with it
// (spec §5): it was restored from a backup, say, older than the other side's prekeys. Sealed like a first contact; takes the account's list and
// the device's bundle, both of which prove themselves, and gives the body of a cell, and back. Whom to answer is not a concern here.
//
//   inside = CBOR {knock: {list: signed list, bundle: 1,888 bytes}}

import { decodeCbor, encodeCbor } from "../cbor.ts";
import { Fields } from "../fields.ts";
import { type DeviceList, verifyDeviceList } from "../identity/device-list.ts";
import { MAX_PAYLOAD } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { CellAddress } from "../stream/cell.ts";
import { BUNDLE_LENGTH, type Bundle, verifyBundle } from "./bundle.ts";
import { openForDevice, sealForDevice, type SealedCell, type SealedRecipient } from "./sealed.ts";

/** Who knocks: the newest list of the account, and the bundle of one of its devices. */
export interface Knock {
  readonly list: DeviceList;
  readonly bundle: Bundle;
}

/** Seals a knock as the body of a cell (4,096 bytes). A list of 16 devices fits. */
export function sealKnock(p: Primitives, address: CellAddress, to: SealedRecipient, { list, bundle }: Knock): Uint8Array {
  return sealForDevice(p, address, to, encodeCbor({ knock: { list: list.bytes, bundle: bundle.bytes } }));
}

/**
 * Opens a knock. Errors of `openForDevice`, `decode/invalid`, errors of `verifyDeviceList` and of `verifyBundle` at `now` (ms). Whoever can open
 * it could pass it on to others who know the account: it says nothing but which devices the account has.
 */
export function openKnock(p: Primitives, cell: SealedCell, now: number): Knock {
  const outer = new Fields(decodeCbor(openForDevice(p, cell), "a knock"), "a knock");
  const knock = outer.map("knock", (fields) => ({
    list: fields.bytesUpTo("list", MAX_PAYLOAD),
    bundle: fields.bytes("bundle", BUNDLE_LENGTH),
  }));
  outer.end();
  const list = verifyDeviceList(p, knock.list);
  return { list, bundle: verifyBundle(p, knock.bundle, list, now) };
}
