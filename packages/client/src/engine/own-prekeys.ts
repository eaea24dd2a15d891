// This device's prekeys at work: the bundle that publishes them, renewed when it is due, and what a first contact has spent. Takes the
// transaction; changes the one record. Not a concern here: who gets the bundle, the keys themselves (protocol).

import {
  type Bundle,
  findPrekeys,
  hashOneTimePrekeys,
  newPrekeys,
  type OneTimePrekey,
  type OurPrekeys,
  type OwnPrekeys,
  privatePrekey,
  publishedPrekeys,
  type PrekeyUse,
  type PublicKey,
  renewOneTimePrekeys,
  renewPrekeys,
  signBundle,
  spendPrekeys,
} from "@sotto/protocol";
import { BUNDLE_REFRESH_MS } from "../limits.ts";
import type { PrekeysRecord } from "../records/prekeys-record.ts";
import type { Transaction } from "./transaction.ts";

/** This device's bundle and the one-time prekeys beside it; made, renewed or signed anew when that is due, or when it is older than `mostMs`. */
export function ownBundle(tx: Transaction, mostMs: number = BUNDLE_REFRESH_MS): PrekeysRecord {
  const held = tx.prekeys;
  if (held === undefined) return publish(tx, newPrekeys(tx.p, tx.now), 0);
  const { prekeys, changed } = renewPrekeys(tx.p, held.own, tx.now);
  const age = tx.now - held.bundle.issued;
  if (!changed && age >= 0 && age < mostMs) {
    // What has grown old is erased even when nothing new is published.
    if (prekeys !== held.own) tx.prekeys = { ...held, own: prekeys };
    return held;
  }
  if (changed) tx.changeSelf({ publishedAt: {} });
  return publish(tx, prekeys, held.bundle.issued);
}

/** Prekeys of a device that has none yet, and knows of none before. */
export function freshPrekeys(tx: Transaction): void {
  publish(tx, newPrekeys(tx.p, tx.now), tx.prekeys?.bundle.issued ?? 0);
}

/** Our halves of what a hello names; `undefined` when they are gone, or when it was answered before. */
export function ownPrekeys(tx: Transaction, use: PrekeyUse): OurPrekeys | undefined {
  return tx.prekeys === undefined ? undefined : findPrekeys(tx.prekeys.own, tx.device.keys, use);
}

/** A one-time prekey for one device that is told of it. */
export function privateOneTimePrekey(tx: Transaction): OneTimePrekey {
  const held = ownBundle(tx);
  const { prekeys, oneTime } = privatePrekey(tx.p, held.own);
  tx.prekeys = { ...held, own: prekeys };
  return oneTime;
}

/** A hello was answered: what it used is erased, and it is never answered again. */
export function prekeysSpent(tx: Transaction, use: PrekeyUse): void {
  if (tx.prekeys !== undefined) tx.prekeys = { ...tx.prekeys, own: spendPrekeys(tx.prekeys.own, use) };
}

/** Another relay hands out one-time prekeys from now on: others than the one before it has, which may go on. Published everywhere. */
export function renewBundle(tx: Transaction): void {
  tx.changeSelf({ publishedAt: {} });
  if (tx.prekeys !== undefined) publish(tx, renewOneTimePrekeys(tx.p, tx.prekeys.own), tx.prekeys.bundle.issued);
}

function publish(tx: Transaction, own: OwnPrekeys, issuedBefore: number): PrekeysRecord {
  const { p, device, self } = tx;
  const { prekeys, oneTime } = publishedPrekeys(p, device.keys, own);
  // `issued` grows even if the clock went back.
  const issued = Math.max(tx.now, issuedBefore + 1);
  const bundle: Bundle = signBundle(p, device, self.account as PublicKey, { issued, bits: 0, locator: self.locator, prekeys });
  const bare = signBundle(p, device, self.account as PublicKey, {
    issued,
    bits: 0,
    locator: self.locator,
    prekeys: { ...prekeys, oneTimeHash: hashOneTimePrekeys(p, undefined) },
  });
  const record = { own, bundle, oneTime, bare: bare.bytes };
  tx.prekeys = record;
  return record;
}
