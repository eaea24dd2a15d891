// Joining: a new device that was handed an account tells the device that handed it over that it is there (spec §6), with the signature by which
// it agrees to be this account's device (spec §2). The giver could not ask for it earlier: before the hand-over the new device does not know
// which account it joins. Takes the new device's entry; gives the body of a cell, and back. Whether that device was expected is not a concern
// here, nor signing the list that contains it.

import { PUBLIC_KEY_LENGTH, parsePublicKey } from "../agreement/key-pair.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type DeviceEntry, isDeviceId, verifyDeviceEntry } from "../identity/device.ts";
import { SIGNATURE_LENGTH } from "../identity/xeddsa.ts";
import { MAX_DEVICE_ID } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { CellAddress } from "../stream/cell.ts";
import { BUNDLE_LENGTH } from "./bundle.ts";
import { openForDevice, sealForDevice, type SealedCell, type SealedRecipient } from "./sealed.ts";

/** What a new device shows: its entry, and its bundle (unverified: no list contains it yet), so that a session can begin at once. */
export interface Joining {
  readonly entry: DeviceEntry;
  readonly bundle: Uint8Array;
}

/** Seals the entry of a new device for the device that handed the account over: a cell's body of 4,096 bytes. */
export function sealJoin(p: Primitives, address: CellAddress, to: SealedRecipient, { entry, bundle }: Joining): Uint8Array {
  const { id, key, added, signature } = entry;
  return sealForDevice(p, address, to, encodeCbor({ join: { id, key, added, signature }, bundle }));
}

/**
 * The entry of the device that joins, signed by it for `cell.account`. Errors of `openForDevice`, `decode/invalid`, `agreement/invalid-key`,
 * `identity/bad-signature`.
 */
export function openJoin(p: Primitives, cell: SealedCell): Joining {
  const outer = new Fields(decodeCbor(openForDevice(p, cell), "a join"), "a join");
  const entry = outer.map("join", (fields) => ({
    id: fields.uint("id", MAX_DEVICE_ID),
    key: parsePublicKey(p, fields.bytes("key", PUBLIC_KEY_LENGTH)),
    added: fields.uint("added"),
    signature: fields.bytes("signature", SIGNATURE_LENGTH),
  }));
  const bundle = outer.bytes("bundle", BUNDLE_LENGTH);
  outer.end();
  if (!isDeviceId(entry.id)) throw new ProtocolError("decode/invalid", "a join has no device id");
  if (!verifyDeviceEntry(p, entry, cell.account)) {
    throw new ProtocolError("identity/bad-signature", "the device that joins did not sign that it belongs to this account");
  }
  return { entry, bundle };
}
