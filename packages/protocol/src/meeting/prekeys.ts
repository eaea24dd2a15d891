// This device's own prekeys (spec §5): made, published in bundles, renewed weekly, erased when they are spent or 30 days after they were
// replaced; and the guard against a first message that is played twice. An immutable value. Where it is stored is not its concern.

import { type KeyPair, generateKeyPair, keyPairFromPrivate } from "../agreement/key-pair.ts";
import { Reader, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { sign } from "../identity/xeddsa.ts";
import { MAX_ONE_TIME_PREKEYS, MAX_REMEMBERED_HELLOS, ONE_TIME_PREKEYS, PREKEY_LIFETIME_MS, PREKEY_RENEWAL_MS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type KyberKeyPair, generateKyberKeyPair, kyberKeyPairFromSeed } from "../session/kyber1024.ts";
import type { OurPrekeys } from "../session/pqxdh.ts";
import type { PrekeyUse } from "../session/session-record.ts";
import { Writer } from "../writer.ts";
import type { PublicPrekeys } from "./bundle.ts";
import { encodeOneTimePrekeys, hashOneTimePrekeys } from "./one-time-prekeys.ts";

const FORMAT = 1;

/** The pair of prekeys that a bundle names: a signed prekey and a last-resort Kyber prekey under one id. */
interface Generation {
  readonly id: number;
  /** ms. */
  readonly created: number;
  readonly signed: KeyPair;
  readonly kyber: KyberKeyPair;
}

/** A session that was begun with our prekeys: (generation, base key), never accepted again. */
interface UsedHello {
  readonly generation: number;
  readonly baseKey: Uint8Array;
}

export interface OwnPrekeys {
  /** Oldest first; the last one is published. */
  readonly generations: readonly Generation[];
  readonly oneTime: ReadonlyMap<number, KeyPair>;
  readonly nextId: number;
  /** Kept until the generation is erased. */
  readonly used: readonly UsedHello[];
}

/** A fresh device's prekeys. */
export function newPrekeys(p: Primitives, now: number): OwnPrekeys {
  return renewPrekeys(p, { generations: [], oneTime: new Map(), nextId: 1, used: [] }, now).prekeys;
}

/**
 * Renews what is due at `now` (ms): a new generation weekly, fewer than half of the one-time prekeys filled up, generations erased 30 days
 * after they were made. `changed`: publish a new bundle.
 */
export function renewPrekeys(p: Primitives, held: OwnPrekeys, now: number): { prekeys: OwnPrekeys; changed: boolean } {
  let { nextId } = held;
  const newest = held.generations.at(-1);
  const isDue = newest === undefined || now - newest.created >= PREKEY_RENEWAL_MS || newest.created > now;
  const living = held.generations.filter(({ created }) => now - created < PREKEY_LIFETIME_MS);
  const generations = isDue
    ? [...living, { id: nextId++, created: now, signed: generateKeyPair(p), kyber: generateKyberKeyPair(p) }]
    : living;
  const oneTime = new Map(held.oneTime);
  const isLow = oneTime.size < ONE_TIME_PREKEYS / 2;
  while (isLow && oneTime.size < ONE_TIME_PREKEYS) oneTime.set(nextId++, generateKeyPair(p));
  const used = held.used.filter((hello) => generations.some(({ id }) => id === hello.generation));
  return { prekeys: { generations, oneTime, nextId, used }, changed: isDue || isLow };
}

/** What a bundle publishes of them, and the list of one-time prekeys beside it. `ours` is the device's key pair, which signs. */
export function publishedPrekeys(p: Primitives, ours: KeyPair, held: OwnPrekeys): { prekeys: PublicPrekeys; oneTime: Uint8Array } {
  const { id, signed, kyber } = held.generations.at(-1) as Generation;
  const oneTime = encodeOneTimePrekeys([...held.oneTime].map(([number, keys]) => ({ id: number, key: keys.publicKey })));
  const prekeys = {
    signed: { id, key: signed.publicKey, signature: sign(p, ours, signed.publicKey) },
    kyber: { id, key: kyber.publicKey, signature: sign(p, ours, kyber.publicKey) },
    oneTimeHash: hashOneTimePrekeys(p, oneTime),
  };
  return { prekeys, oneTime };
}

/** Our halves of the prekeys that a hello names; `undefined` when they are gone, or when this hello was answered before. */
export function findPrekeys(held: OwnPrekeys, ours: KeyPair, use: PrekeyUse): OurPrekeys | undefined {
  const generation = held.generations.find(({ id }) => id === use.signedPrekeyId && id === use.kyberPrekeyId);
  const oneTime = use.oneTimePrekeyId === undefined ? undefined : held.oneTime.get(use.oneTimePrekeyId);
  if (generation === undefined || (use.oneTimePrekeyId !== undefined && oneTime === undefined) || wasUsed(held, use)) return undefined;
  return {
    identity: ours,
    signedPrekey: generation.signed,
    kyberPrekey: generation.kyber,
    ...(oneTime === undefined ? {} : { oneTimePrekey: oneTime }),
  };
}

/** Erases what a hello has spent and remembers it. Store this in the same transaction as the session. */
export function spendPrekeys(held: OwnPrekeys, use: PrekeyUse): OwnPrekeys {
  const oneTime = new Map(held.oneTime);
  if (use.oneTimePrekeyId !== undefined) oneTime.delete(use.oneTimePrekeyId);
  const used = [...held.used, { generation: use.kyberPrekeyId, baseKey: use.baseKey }].slice(-MAX_REMEMBERED_HELLOS);
  return { ...held, oneTime, used };
}

function wasUsed(held: OwnPrekeys, use: PrekeyUse): boolean {
  return held.used.some(({ generation, baseKey }) => generation === use.kyberPrekeyId && equalBytes(baseKey, use.baseKey));
}

/** The stored form. It holds private keys: for the sealed store only. */
export function encodePrekeys(held: OwnPrekeys): Uint8Array {
  const writer = new Writer();
  writer.byte(FORMAT).uint(4, held.nextId);
  writer.list(held.generations, ({ id, created, signed, kyber }) =>
    writer.uint(4, id).uint(8, created).fixed(signed.privateKey.expose()).fixed(kyber.seed.expose()),
  );
  writer.list(held.oneTime, ([id, keys]) => writer.uint(4, id).fixed(keys.privateKey.expose()));
  writer.list(held.used, ({ generation, baseKey }) => writer.uint(4, generation).fixed(baseKey));
  return writer.finish();
}

/** `decode/invalid`. */
export function decodePrekeys(p: Primitives, bytes: Uint8Array): OwnPrekeys {
  const reader = new Reader(bytes, "stored prekeys");
  if (reader.byte() !== FORMAT) throw new ProtocolError("decode/invalid", "prekeys are stored in a format that this version does not know");
  const nextId = reader.uint(4);
  const list = <T>(most: number, read: () => T): T[] => {
    const count = reader.uint(2);
    if (count > most) throw new ProtocolError("decode/invalid", "stored prekeys are damaged");
    return Array.from({ length: count }, read);
  };
  const most = Math.ceil(PREKEY_LIFETIME_MS / PREKEY_RENEWAL_MS) + 2;
  const generations = list(most, () => ({
    id: reader.uint(4),
    created: reader.uint(8),
    signed: keyPairFromPrivate(p, reader.take(32)),
    kyber: kyberKeyPairFromSeed(p, reader.take(64)),
  }));
  const oneTime = new Map(list(MAX_ONE_TIME_PREKEYS, () => [reader.uint(4), keyPairFromPrivate(p, reader.take(32))] as const));
  const used = list(MAX_REMEMBERED_HELLOS, () => ({ generation: reader.uint(4), baseKey: reader.take(33) }));
  reader.end();
  if (generations.length === 0) throw new ProtocolError("decode/invalid", "stored prekeys are empty");
  return { generations, oneTime, nextId, used };
}
