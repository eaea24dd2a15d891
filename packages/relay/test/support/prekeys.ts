// Lists of one-time prekeys, and records that carry them, for tests of whoever stores and hands them out.

import { ONE_TIME_PREKEY_BYTES } from "@sotto/wire";
import type { OneTimePrekeys } from "../../src/directory/one-time-prekeys.ts";
import type { VerifiedRecord } from "../../src/store/store.ts";

/** A list of the prekeys with these ids. */
export function prekeyList(ids: readonly number[]): Uint8Array {
  const list = new Uint8Array(2 + ids.length * ONE_TIME_PREKEY_BYTES);
  const view = new DataView(list.buffer);
  view.setUint16(0, ids.length);
  for (const [i, id] of ids.entries()) {
    view.setUint32(2 + i * ONE_TIME_PREKEY_BYTES, id);
    list.fill(id, 2 + i * ONE_TIME_PREKEY_BYTES + 4, 2 + (i + 1) * ONE_TIME_PREKEY_BYTES);
  }
  return list;
}

/** The id of a list's prekey. */
export function prekeyId(list: Uint8Array, index: number): number {
  return Buffer.from(list).readUInt32BE(2 + index * ONE_TIME_PREKEY_BYTES);
}

/** The numbers from `first`, `count` of them. */
export function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** A list that was just published. */
export function prekeys(ids: readonly number[]): OneTimePrekeys {
  return { list: prekeyList(ids), left: Uint8Array.from(ids, (_, index) => index) };
}

/** The key of account `n`, 33 bytes. */
export function accountNumber(n: number): Uint8Array {
  return Uint8Array.of(5, n >> 8, n, ...new Uint8Array(30));
}

/** A record of account `n` whose devices 1, 2, … publish these prekeys in bundles of time `issued`. */
export function recordWith(n: number, issued: number, ...ofDevices: readonly (readonly number[])[]): VerifiedRecord {
  const bundles = ofDevices.map((ids, i) => ({
    device: i + 1,
    issued,
    bytes: Uint8Array.of(i + 1, issued),
    signedLength: 2,
    oneTime: prekeys(ids),
  }));
  const devices = bundles.map(({ device }) => device);
  return { account: accountNumber(n), list: { version: 1, bytes: Uint8Array.of(n), signedLength: 1 }, devices, bundles };
}
