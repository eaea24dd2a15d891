// What a relay must read in the signed parts of a directory record to check signatures, freshness and one-time prekeys: *views* of a device
// list and a bundle, and the size of a list of one-time prekeys. Takes a stranger's bytes; a view is laid out well, nothing of it is verified.
// Not its concern: verifying (relay, protocol); what else is in a bundle.

import { WireError } from "./errors.ts";
import { readBe8 } from "./layout.ts";
import {
  DEVICE_ENTRY_BYTES,
  EMPTY_DEVICE_LIST_BYTES,
  MAX_BUNDLE_BYTES,
  MAX_DEVICES,
  MAX_ONE_TIME_PREKEYS,
  ONE_TIME_PREKEY_BYTES,
} from "./limits.ts";

const KEY_BYTES = 33;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;
const BUNDLE_HEAD_BYTES = 1 + KEY_BYTES + 1 + 2 + 8;

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
  /** SHA-256 of the device's list of one-time prekeys (32 bytes); zeros for none. */
  readonly oneTimeHash: Uint8Array;
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
 * Reads format 1 || account (33) || device id 1 || registration id BE2 || issued BE8 || … || one-time hash (32) || signature (64). Throws
 * `frame/invalid`. What is in between is the protocol's alone: a relay signs nothing off that it does not need to understand.
 */
export function viewBundle(bundle: Uint8Array): BundleView {
  if (bundle.length < BUNDLE_HEAD_BYTES + HASH_BYTES + SIGNATURE_BYTES || bundle.length > MAX_BUNDLE_BYTES) {
    throw new WireError("frame/invalid", "a bundle is too short or too long");
  }
  if (bundle[0] !== 1) throw new WireError("frame/invalid", "a bundle of an unknown format");
  const device = bundle[1 + KEY_BYTES] as number;
  const { encoding, signature } = splitSignature(bundle);
  return {
    encoding,
    signature,
    account: bundle.subarray(1, 1 + KEY_BYTES),
    device,
    issued: readBe8(bundle, BUNDLE_HEAD_BYTES - 8),
    oneTimeHash: encoding.subarray(-HASH_BYTES),
  };
}

/** How many one-time prekeys are in count BE2 || count x (id BE4 || key (33)): 0 to 100. Throws `frame/invalid`. */
export function countOneTimePrekeys(list: Uint8Array): number {
  const count = list.length < 2 ? undefined : ((list[0] as number) << 8) | (list[1] as number);
  if (count === undefined || count > MAX_ONE_TIME_PREKEYS || list.length !== 2 + count * ONE_TIME_PREKEY_BYTES) {
    throw new WireError("frame/invalid", "a list of one-time prekeys has another length than its count says");
  }
  return count;
}

function splitSignature(signed: Uint8Array): { encoding: Uint8Array; signature: Uint8Array } {
  const end = signed.length - SIGNATURE_BYTES;
  return { encoding: signed.subarray(0, end), signature: signed.subarray(end) };
}
