// The directory: an account's signed device list and a signed bundle of each of its devices. Gives the record's encoding, and *views* of the
// signed parts: what a relay must read to check signatures and freshness. Views are unverified input.
// Not its concern: verifying (relay, protocol); what else is in a bundle.

import { decodeFrame, encodeFrame } from "./cbor.ts";
import { WireError } from "./errors.ts";
import { fromBase64url, readBe8, toBase64url } from "./layout.ts";
import {
  DEVICE_ENTRY_BYTES,
  EMPTY_DEVICE_LIST_BYTES,
  MAX_BUNDLE_BYTES,
  MAX_DEVICE_LIST_BYTES,
  MAX_DEVICES,
  MAX_DIRECTORY_RECORD_BYTES,
} from "./limits.ts";

const KEY_BYTES = 33;
const SIGNATURE_BYTES = 64;
const BUNDLE_HEAD_BYTES = 1 + KEY_BYTES + 1 + 2 + 8;

/** What is stored under an account, and what a `PUT` brings: the relay keeps the newest bundle of each device. */
export interface DirectoryRecord {
  /** The signed device list (spec §2). */
  readonly list: Uint8Array;
  /** Signed bundles (spec §5), at most one per device. */
  readonly bundles: readonly Uint8Array[];
}

/** What is signed, over which bytes, and the signature. */
export interface SignedView {
  /** The bytes without the signature. */
  readonly encoding: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** 33 bytes. */
  readonly account: Uint8Array;
  /** When it was signed, in ms by the signer's clock. */
  readonly issued: number;
}

/** A device list as it lies there, unverified. */
export interface DeviceListView extends SignedView {
  readonly version: number;
  readonly entries: readonly DeviceEntryView[];
}

/** A device in a list, unverified. */
export interface DeviceEntryView {
  readonly device: number;
  /** 33 bytes. */
  readonly key: Uint8Array;
  /** The device's own signature, 64 bytes. */
  readonly signature: Uint8Array;
}

/** A bundle as it lies there, unverified. */
export interface BundleView extends SignedView {
  readonly device: number;
}

/** Where an account's record is (`GET`, `PUT`). */
export function directoryPath(account: Uint8Array): string {
  return `/v1/directory/${toBase64url(account)}`;
}

/** The account key (33 bytes, type byte 5) in a path. Throws `frame/invalid`. */
export function parseDirectoryPath(segment: string): Uint8Array {
  const account = fromBase64url(segment, KEY_BYTES);
  if (account[0] !== 0x05) throw new WireError("frame/invalid", "an account key begins with 0x05");
  return account;
}

/** The body of `PUT`, and of the answer to `GET`. */
export function encodeDirectoryRecord(record: DirectoryRecord): Uint8Array {
  return encodeFrame({ list: record.list, bundles: record.bundles });
}

/** Reads a record; its parts are not verified. Throws `frame/invalid`, `frame/too-large`. */
export function decodeDirectoryRecord(bytes: Uint8Array): DirectoryRecord {
  const fields = decodeFrame(bytes, MAX_DIRECTORY_RECORD_BYTES, "a directory record");
  const record: DirectoryRecord = {
    list: fields.bytesUpTo("list", MAX_DEVICE_LIST_BYTES),
    bundles: fields.list("bundles", MAX_DEVICES, (value) =>
      value instanceof Uint8Array && value.length <= MAX_BUNDLE_BYTES ? value : undefined,
    ),
  };
  fields.end();
  return record;
}

/**
 * Reads format 1 || version BE8 || issued BE8 || account (33) || previous hash (32) || count 1 || count x (device id 1 || device key 33 ||
 * added BE8 || device signature 64) || signature (64). Throws `frame/invalid`.
 */
export function viewDeviceList(list: Uint8Array): DeviceListView {
  const count = list[EMPTY_DEVICE_LIST_BYTES - SIGNATURE_BYTES - 1];
  if (count === undefined || count > MAX_DEVICES || list.length !== EMPTY_DEVICE_LIST_BYTES + count * DEVICE_ENTRY_BYTES) {
    throw new WireError("frame/invalid", "a device list has another length than its count says");
  }
  if (list[0] !== 1) throw new WireError("frame/invalid", "a device list of an unknown format");
  const { encoding, signature } = splitSignature(list);
  const entries = Array.from({ length: count }, (_, i): DeviceEntryView => {
    const offset = EMPTY_DEVICE_LIST_BYTES - SIGNATURE_BYTES + i * DEVICE_ENTRY_BYTES;
    return {
      device: list[offset] as number,
      key: list.subarray(offset + 1, offset + 1 + KEY_BYTES),
      signature: list.subarray(offset + DEVICE_ENTRY_BYTES - SIGNATURE_BYTES, offset + DEVICE_ENTRY_BYTES),
    };
  });
  const devices = new Set(entries.map((entry) => entry.device));
  if (devices.size !== count || entries.some(({ device }) => device < 1 || device > 127)) {
    throw new WireError("frame/invalid", "the device ids of a list are different numbers from 1 to 127");
  }
  return { encoding, signature, version: readBe8(list, 1), issued: readBe8(list, 9), account: list.subarray(17, 17 + KEY_BYTES), entries };
}

/**
 * Reads the head of format 1 || account (33) || device id 1 || registration id BE2 || issued BE8 || … || signature (64). Throws `frame/invalid`.
 * What follows the head is the protocol's alone: a relay signs nothing off that it does not need to understand.
 */
export function viewBundle(bundle: Uint8Array): BundleView {
  if (bundle.length < BUNDLE_HEAD_BYTES + SIGNATURE_BYTES || bundle.length > MAX_BUNDLE_BYTES) {
    throw new WireError("frame/invalid", "a bundle is too short or too long");
  }
  if (bundle[0] !== 1) throw new WireError("frame/invalid", "a bundle of an unknown format");
  const device = bundle[1 + KEY_BYTES] as number;
  return {
    ...splitSignature(bundle),
    account: bundle.subarray(1, 1 + KEY_BYTES),
    device,
    issued: readBe8(bundle, BUNDLE_HEAD_BYTES - 8),
  };
}

function splitSignature(signed: Uint8Array): { encoding: Uint8Array; signature: Uint8Array } {
  const end = signed.length - SIGNATURE_BYTES;
  return { encoding: signed.subarray(0, end), signature: signed.subarray(end) };
}
