// Bundles: what a device publishes so that others can begin with it (spec §5): who it is, its prekeys, and on which shard it reads. Signed as
// a whole by the device, and the prekeys also as Signal signs them. Takes bytes and the device list that must contain it; gives a `Bundle`,
// which only a verified or an own signature makes. The private halves are not a concern here (prekeys.ts).

import { PUBLIC_KEY_LENGTH, type PublicKey, parsePublicKey } from "../agreement/key-pair.ts";
import { Reader, ascii, be2, be4, be8, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { DeviceList } from "../identity/device-list.ts";
import type { Device, DeviceEntry } from "../identity/device.ts";
import { SIGNATURE_LENGTH, sign, verify } from "../identity/xeddsa.ts";
import { MAX_BUNDLE_AGE_MS, MAX_CLOCK_SKEW_MS, MAX_DEVICE_ID, MAX_PUBLISHED_BITS, MAX_REGISTRATION_ID } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { KYBER_PUBLIC_KEY } from "../session/kyber1024.ts";
import type { Prekeys } from "../session/session-record.ts";
import type { OneTimePrekey } from "./one-time-prekeys.ts";

const FORMAT = 1;
const LABEL = ascii("Sotto Bundle v1");
const LOCATOR_LENGTH = 8;
const MAX_BITS = 8 * LOCATOR_LENGTH;

const HASH_LENGTH = 32;
const HEAD_LENGTH = 1 + PUBLIC_KEY_LENGTH + 1 + 2 + 8 + 1 + LOCATOR_LENGTH;
const PREKEYS_LENGTH = 4 + PUBLIC_KEY_LENGTH + SIGNATURE_LENGTH + 4 + KYBER_PUBLIC_KEY + SIGNATURE_LENGTH + HASH_LENGTH;

/** Bytes of a bundle: 54 of head, 1,770 of prekeys, and the signature of 64. */
export const BUNDLE_LENGTH = HEAD_LENGTH + PREKEYS_LENGTH + SIGNATURE_LENGTH;

/** A shard of a board: a writer uses the first `bits` bits of `locator` (8 bytes). */
export interface Locator {
  readonly bits: number;
  readonly locator: Uint8Array;
}

/** A prekey as it is published: its id, the key as it is on the wire, and the device's signature of that. */
export interface PublicPrekey {
  readonly id: number;
  readonly key: Uint8Array;
  readonly signature: Uint8Array;
}

/** The prekeys of a device (Signal's bundle), and the hash of the one-time prekeys beside them: zeros when there are none. */
export interface PublicPrekeys {
  readonly signed: PublicPrekey;
  readonly kyber: PublicPrekey;
  readonly oneTimeHash: Uint8Array;
}

/** A bundle as somebody else sent it: laid out well, nothing of it verified. */
export interface BundleIn extends Locator {
  /** 33 bytes that claim to be an account key. */
  readonly account: Uint8Array;
  readonly deviceId: number;
  readonly registrationId: number;
  /** When it was signed (ms). */
  readonly issued: number;
  readonly prekeys: PublicPrekeys;
  readonly bytes: Uint8Array;
}

declare const verified: unique symbol;

/** A bundle whose signature, device and age hold. */
export interface Bundle extends BundleIn {
  readonly account: PublicKey;
  readonly [verified]: true;
}

/** Our device's bundle. `argument/invalid` for a locator finer than we publish (spec §4: B_MAX) or not of 8 bytes. */
export function signBundle(
  p: Primitives,
  device: Device,
  account: PublicKey,
  { issued, bits, locator, prekeys }: Locator & { issued: number; prekeys: PublicPrekeys },
): Bundle {
  if (locator.length !== LOCATOR_LENGTH || bits > MAX_PUBLISHED_BITS) {
    throw new ProtocolError("argument/invalid", `a device publishes a locator of 8 bytes and at most ${MAX_PUBLISHED_BITS} bits of it`);
  }
  const head = concat(Uint8Array.of(FORMAT), account, Uint8Array.of(device.id), be2(device.registrationId), be8(issued));
  const encoding = concat(head, Uint8Array.of(bits), locator, encodePrekeys(prekeys));
  const bytes = concat(encoding, sign(p, device.keys, concat(LABEL, encoding)));
  return { ...decodeBundle(bytes), account } as Bundle;
}

/** Reads the layout. `decode/invalid`. */
export function decodeBundle(bytes: Uint8Array): BundleIn {
  const reader = new Reader(bytes, "a bundle");
  if (reader.byte() !== FORMAT) throw new ProtocolError("decode/invalid", "a bundle has a format that this version does not know");
  const account = reader.take(PUBLIC_KEY_LENGTH);
  const deviceId = reader.byte();
  const registrationId = reader.uint(2);
  const issued = reader.uint(8);
  const bits = reader.byte();
  const locator = reader.take(LOCATOR_LENGTH);
  const prekeys = {
    signed: { id: reader.uint(4), key: reader.take(PUBLIC_KEY_LENGTH), signature: reader.take(SIGNATURE_LENGTH) },
    kyber: { id: reader.uint(4), key: reader.take(KYBER_PUBLIC_KEY), signature: reader.take(SIGNATURE_LENGTH) },
    oneTimeHash: reader.take(HASH_LENGTH),
  };
  reader.take(SIGNATURE_LENGTH);
  reader.end();
  if (deviceId < 1 || deviceId > MAX_DEVICE_ID || registrationId > MAX_REGISTRATION_ID || bits > MAX_BITS) {
    throw new ProtocolError("decode/invalid", "a bundle holds a number that is out of range");
  }
  return { account, deviceId, registrationId, issued, bits, locator, prekeys, bytes: bytes.slice() };
}

/**
 * Holds a bundle to the list of its account. `identity/not-listed` when its device is not on the list, `identity/bad-signature`,
 * `meeting/stale` when it is more than 14 days old or more than an hour ahead of `now` (ms).
 */
export function verifyBundle(p: Primitives, bytes: Uint8Array, list: DeviceList, now: number): Bundle {
  const bundle = verifyBundleSignature(p, bytes, list);
  if (now - bundle.issued > MAX_BUNDLE_AGE_MS || bundle.issued - now > MAX_CLOCK_SKEW_MS) {
    throw new ProtocolError(
      "meeting/stale",
      "a device's bundle is too old, or from the future: its owner has to come online, or a clock is wrong",
    );
  }
  return bundle;
}

/** All of `verifyBundle` but the age: for bundles that this account verified before and kept. */
export function verifyBundleSignature(p: Primitives, bytes: Uint8Array, list: DeviceList): Bundle {
  const bundle = decodeBundle(bytes);
  const entry = list.entries.find((listed) => listed.id === bundle.deviceId);
  if (entry === undefined || !equalBytes(bundle.account, list.account)) {
    throw new ProtocolError("identity/not-listed", "a bundle is of a device that its account does not list");
  }
  const encoding = bytes.subarray(0, BUNDLE_LENGTH - SIGNATURE_LENGTH);
  if (!verify(p, entry.key, concat(LABEL, encoding), bytes.subarray(BUNDLE_LENGTH - SIGNATURE_LENGTH))) {
    throw new ProtocolError("identity/bad-signature", "a bundle is not signed by its device");
  }
  for (const { key, signature } of [bundle.prekeys.signed, bundle.prekeys.kyber]) {
    if (!verify(p, entry.key, key, signature)) {
      throw new ProtocolError("identity/bad-signature", "a prekey of a bundle is not signed by its device");
    }
  }
  return { ...bundle, account: list.account } as Bundle;
}

/**
 * What a session begins with: the bundle's prekeys and, if one was handed out, a one-time prekey. `agreement/invalid-key` for a key that
 * cannot be agreed with.
 */
export function prekeysOf(p: Primitives, bundle: Bundle, device: DeviceEntry, oneTime?: OneTimePrekey): Prekeys {
  const { signed, kyber } = bundle.prekeys;
  return {
    identityKey: device.key,
    signedPrekey: parsePublicKey(p, signed.key),
    signedPrekeyId: signed.id,
    kyberPrekey: kyber.key,
    kyberPrekeyId: kyber.id,
    ...(oneTime === undefined ? {} : { oneTimePrekey: parsePublicKey(p, oneTime.key), oneTimePrekeyId: oneTime.id }),
  };
}

function encodePrekeys({ signed, kyber, oneTimeHash }: PublicPrekeys): Uint8Array {
  return concat(be4(signed.id), signed.key, signed.signature, be4(kyber.id), kyber.key, kyber.signature, oneTimeHash);
}
