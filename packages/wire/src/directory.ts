// The directory: an account's signed device list and a signed bundle of each of its devices, with its one-time prekeys. Gives the encoding of
// what is published and of what is found there. All of it is unverified input.
// Not its concern: what the parts say (signed-views.ts); verifying (relay, protocol).

import type { Fields } from "@sotto/encoding";
import { decodeFrame, encodeFrame } from "./cbor.ts";
import { WireError } from "./errors.ts";
import { fromBase64url, toBase64url } from "./layout.ts";
import {
  MAX_BUNDLE_BYTES,
  MAX_DEVICE_LIST_BYTES,
  MAX_DEVICES,
  MAX_DIRECTORY_RECORD_BYTES,
  MAX_ONE_TIME_LIST_BYTES,
  MAX_ONE_TIME_PREKEYS,
} from "./limits.ts";

const KEY_BYTES = 33;

/** What a `PUT` brings: the relay keeps the newest list, and the newest bundle of each device. */
export interface DirectoryRecord {
  /** The signed device list (spec §2). */
  readonly list: Uint8Array;
  /** At most one per device. */
  readonly bundles: readonly PublishedBundle[];
}

/** A bundle on its way to the directory. */
export interface PublishedBundle {
  /** The signed bundle (spec §5). */
  readonly bytes: Uint8Array;
  /** The list of one-time prekeys whose hash the bundle signs. */
  readonly oneTime?: Uint8Array;
}

/** What a `GET` answers. */
export interface FoundRecord {
  /** The signed device list (spec §2). */
  readonly list: Uint8Array;
  /** At most one per device. */
  readonly bundles: readonly FoundBundle[];
}

/** A bundle as the directory gives it. */
export interface FoundBundle {
  /** The signed bundle (spec §5). */
  readonly bytes: Uint8Array;
  /** The one-time prekey that this answer, and no other, hands out; absent when none is left, or none was asked for. */
  readonly oneTime?: TakenPrekey;
}

/** A one-time prekey that was handed out. */
export interface TakenPrekey {
  /** The whole list, so that its hash can be held to the bundle's signature. */
  readonly list: Uint8Array;
  /** Index of the prekey in the list. */
  readonly taken: number;
}

/** Where an account's record is. `GET` hands out one-time prekeys, with `peek` it only looks; `PUT` publishes. */
export function directoryPath(account: Uint8Array, { peek = false }: { readonly peek?: boolean } = {}): string {
  return `/v1/directory/${toBase64url(account)}${peek ? "?peek" : ""}`;
}

/** The account key (33 bytes, type byte 5) in a path. Throws `frame/invalid`. */
export function parseDirectoryPath(segment: string): Uint8Array {
  const account = fromBase64url(segment, KEY_BYTES);
  if (account[0] !== 0x05) throw new WireError("frame/invalid", "an account key begins with 0x05");
  return account;
}

/** The body of `PUT`. */
export function encodeDirectoryRecord({ list, bundles }: DirectoryRecord): Uint8Array {
  return encodeFrame({ list, bundles: bundles.map(({ bytes, oneTime }) => ({ bytes, oneTime })) });
}

/** Reads the body of `PUT`; its parts are not verified. Throws `frame/invalid`, `frame/too-large`. */
export function decodeDirectoryRecord(bytes: Uint8Array): DirectoryRecord {
  return decodeRecord(bytes, "a directory record", (bundle) => bundle.bytesUpTo("oneTime", MAX_ONE_TIME_LIST_BYTES));
}

/** The body of the answer to `GET`. */
export function encodeFoundRecord({ list, bundles }: FoundRecord): Uint8Array {
  const told = bundles.map(({ bytes, oneTime }) => ({
    bytes,
    oneTime: oneTime && { list: oneTime.list, taken: oneTime.taken },
  }));
  return encodeFrame({ list, bundles: told });
}

/** Reads the answer to `GET`; its parts are not verified. Throws `frame/invalid`, `frame/too-large`. */
export function decodeFoundRecord(bytes: Uint8Array): FoundRecord {
  return decodeRecord(bytes, "the answer of a directory", (bundle) =>
    bundle.map("oneTime", (prekey): TakenPrekey => ({
      list: prekey.bytesUpTo("list", MAX_ONE_TIME_LIST_BYTES),
      taken: prekey.uint("taken", MAX_ONE_TIME_PREKEYS - 1),
    })),
  );
}

function decodeRecord<OneTime>(
  bytes: Uint8Array,
  what: string,
  oneTimeOf: (bundle: Fields) => OneTime,
): { list: Uint8Array; bundles: readonly { bytes: Uint8Array; oneTime?: OneTime }[] } {
  const fields = decodeFrame(bytes, MAX_DIRECTORY_RECORD_BYTES, what);
  const record = {
    list: fields.bytesUpTo("list", MAX_DEVICE_LIST_BYTES),
    bundles: fields.maps("bundles", MAX_DEVICES, (bundle) => ({
      bytes: bundle.bytesUpTo("bytes", MAX_BUNDLE_BYTES),
      ...(bundle.has("oneTime") && { oneTime: oneTimeOf(bundle) }),
    })),
  };
  fields.end();
  return record;
}
