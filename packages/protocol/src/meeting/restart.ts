// Restart: a device that lost its session with another one asks it to begin anew (spec §8). Sealed like a first contact, so that nobody sees
// who asks, and signed by the device, because no session can say any more who wrote. Takes the device's bundle and a one-time prekey made for
// this; gives the body of a cell, and back, held to the list of the account. Whether a restart may be answered now is not a concern here.
//
//   inside = CBOR {restart: {device: id, issued: ms, bundle: 1,888 bytes, prekey: id, key: 33 bytes, signature: 64 bytes}}
//   signed = "Sotto Restart v1" || account key || device id || recipient's account key || recipient's device key || issued BE8 || prekey BE4 || key || bundle

import { PUBLIC_KEY_LENGTH, type PublicKey } from "../agreement/key-pair.ts";
import { ascii, be4, be8, concat } from "../bytes.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import type { DeviceList } from "../identity/device-list.ts";
import type { Device, DeviceEntry } from "../identity/device.ts";
import { SIGNATURE_LENGTH, sign, verify } from "../identity/xeddsa.ts";
import { MAX_BUNDLE_AGE_MS, MAX_CLOCK_SKEW_MS, MAX_DEVICE_ID } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { CellAddress } from "../stream/cell.ts";
import { BUNDLE_LENGTH, type Bundle, verifyBundle } from "./bundle.ts";
import type { OneTimePrekey } from "./one-time-prekeys.ts";
import { openForDevice, sealForDevice, type SealedCell, type SealedRecipient } from "./sealed.ts";

const LABEL = ascii("Sotto Restart v1");
const MAX_PREKEY_ID = 0xffff_ffff;

/** What a session is to be begun with: the bundle of the device that asks, and a one-time prekey that nobody else is told of. */
export interface RestartOffer {
  /** When it was asked (ms), by the asking device's clock: later ones replace earlier ones. */
  readonly issued: number;
  readonly bundle: Bundle;
  readonly oneTime: OneTimePrekey;
}

/** A restart that is certainly of this device. */
export interface Restart extends RestartOffer {
  readonly device: DeviceEntry;
}

/** Seals a restart as the body of a cell (4,096 bytes). */
export function sealRestart(
  p: Primitives,
  address: CellAddress,
  to: SealedRecipient,
  from: { readonly device: Device; readonly account: PublicKey },
  offer: RestartOffer,
): Uint8Array {
  const { issued, bundle, oneTime } = offer;
  const signed = signedBytes({ account: from.account, deviceId: from.device.id, to: { account: to.account, key: to.device.key } }, offer);
  const signature = sign(p, from.device.keys, signed);
  const restart = { device: from.device.id, issued, bundle: bundle.bytes, prekey: oneTime.id, key: oneTime.key, signature };
  return sealForDevice(p, address, to, encodeCbor({ restart }));
}

/**
 * Opens a restart, held to the newest list known of the account it must be from. Errors of `openForDevice` and `verifyBundle`,
 * `decode/invalid`, `identity/not-listed`, `identity/bad-signature`, and `meeting/stale` when it was issued more than 14 days ago or more
 * than an hour ahead of `now` (ms).
 */
export function openRestart(p: Primitives, cell: SealedCell, list: DeviceList, now: number): Restart {
  const outer = new Fields(decodeCbor(openForDevice(p, cell), "a restart"), "a restart");
  const { deviceId, issued, bundleBytes, oneTime, signature } = outer.map("restart", (fields) => ({
    deviceId: fields.uint("device", MAX_DEVICE_ID),
    issued: fields.uint("issued"),
    bundleBytes: fields.bytes("bundle", BUNDLE_LENGTH),
    oneTime: { id: fields.uint("prekey", MAX_PREKEY_ID), key: fields.bytes("key", PUBLIC_KEY_LENGTH) },
    signature: fields.bytes("signature", SIGNATURE_LENGTH),
  }));
  outer.end();
  const device = list.entries.find(({ id }) => id === deviceId);
  if (device === undefined) throw new ProtocolError("identity/not-listed", "a restart is of a device that its account does not list");
  const to = { account: cell.account, key: cell.device.keys.publicKey };
  const signed = signedBytes({ account: list.account, deviceId, to }, { issued, bundle: { bytes: bundleBytes }, oneTime });
  if (!verify(p, device.key, signed, signature)) throw new ProtocolError("identity/bad-signature", "a restart is not signed by its device");
  if (now - issued > MAX_BUNDLE_AGE_MS || issued - now > MAX_CLOCK_SKEW_MS) {
    throw new ProtocolError("meeting/stale", "a restart is too old, or from the future");
  }
  const bundle = verifyBundle(p, bundleBytes, list, now);
  if (bundle.deviceId !== deviceId) throw new ProtocolError("identity/not-listed", "a restart holds the bundle of another device");
  return { device, issued, bundle, oneTime };
}

function signedBytes(
  ends: { account: PublicKey; deviceId: number; to: { account: PublicKey; key: PublicKey } },
  { issued, bundle, oneTime }: { issued: number; bundle: Pick<Bundle, "bytes">; oneTime: OneTimePrekey },
): Uint8Array {
  const from = concat(LABEL, ends.account, Uint8Array.of(ends.deviceId), ends.to.account, ends.to.key);
  return concat(from, be8(issued), be4(oneTime.id), oneTime.key, bundle.bytes);
}
