// From what a stranger sent to what may be stored: every signature of a directory record or handle claim is checked, by the spec's labels.
// Throws `frame/invalid`, `directory/bad-signature`, `directory/not-listed`, `directory/from-the-future`, `handle/bad-signature`.
// Not its concern: which record is newer (merge.ts); whether keys are sound beyond that (clients check everything again).

import {
  type DirectoryRecord,
  type HandleClaim,
  handleClaimMessage,
  type DeviceListView,
  type PublishedBundle,
  viewBundle,
  viewDeviceList,
  WireError,
} from "@sotto/wire";
import { MAX_AHEAD_MS } from "../limits.ts";
import type { VerifiedBundle, VerifiedClaim, VerifiedRecord } from "../store/store.ts";
import { verifyOneTimePrekeys } from "./one-time-prekeys.ts";
import { verifyXeddsa } from "./xeddsa.ts";

const LIST_LABEL = Buffer.from("Sotto DeviceList v1");
const DEVICE_LABEL = Buffer.from("Sotto Device v1");
const BUNDLE_LABEL = Buffer.from("Sotto Bundle v1");

/** The record with all its signatures checked, against the account that the path names. */
export function verifyRecord(account: Uint8Array, record: DirectoryRecord, nowMs: number): VerifiedRecord {
  const list = viewDeviceList(record.list);
  verifyList(account, list);
  return {
    account,
    list: { version: list.version, bytes: record.list, signedLength: list.encoding.length },
    devices: list.entries.map(({ device }) => device),
    bundles: record.bundles.map((bundle) => verifyBundle(account, list, bundle, nowMs)),
  };
}

/** The claim with its signature checked. */
export function verifyClaim(handle: string, claim: HandleClaim, nowMs: number): VerifiedClaim {
  if (!verifyXeddsa(claim.account, handleClaimMessage(handle, claim.issued), claim.signature)) {
    throw new WireError("handle/bad-signature", "the claim is not signed by the account that it names");
  }
  expectPast(claim.issued, nowMs);
  return { handle, account: claim.account, issued: claim.issued };
}

function verifyList(account: Uint8Array, list: DeviceListView): void {
  if (Buffer.compare(list.account, account) !== 0) throw new WireError("frame/invalid", "the device list is of another account");
  if (!verifyXeddsa(account, Buffer.concat([LIST_LABEL, list.encoding]), list.signature)) {
    throw new WireError("directory/bad-signature", "the device list is not signed by the account");
  }
  for (const { device, key, signature } of list.entries) {
    if (!verifyXeddsa(key, Buffer.concat([DEVICE_LABEL, account, Uint8Array.of(device), key]), signature)) {
      throw new WireError("directory/bad-signature", "a device in the list did not sign its entry");
    }
  }
}

function verifyBundle(account: Uint8Array, list: DeviceListView, { bytes, oneTime }: PublishedBundle, nowMs: number): VerifiedBundle {
  const bundle = viewBundle(bytes);
  if (Buffer.compare(bundle.account, account) !== 0) throw new WireError("frame/invalid", "a bundle is of another account");
  const entry = list.entries.find(({ device }) => device === bundle.device);
  if (entry === undefined) throw new WireError("directory/not-listed", "a bundle's device is not in the list");
  if (!verifyXeddsa(entry.key, Buffer.concat([BUNDLE_LABEL, bundle.encoding]), bundle.signature)) {
    throw new WireError("directory/bad-signature", "a bundle is not signed by its device");
  }
  expectPast(bundle.issued, nowMs);
  const prekeys = verifyOneTimePrekeys(oneTime, bundle.oneTimeHash);
  return {
    device: bundle.device,
    issued: bundle.issued,
    bytes,
    signedLength: bundle.encoding.length,
    ...(prekeys && { oneTime: prekeys }),
  };
}

function expectPast(issued: number, nowMs: number): void {
  if (issued > nowMs + MAX_AHEAD_MS)
    throw new WireError("directory/from-the-future", "issued is more than an hour ahead: set this device's clock");
}
