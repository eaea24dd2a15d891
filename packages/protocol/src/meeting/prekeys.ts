// This device's own prekeys (spec §5): made, published in bundles, renewed weekly, erased when they are spent or 30 days after they were
// made; and the guard against a first message that is played twice. An immutable value. Where it is stored is not its concern.

import { type KeyPair, PUBLIC_KEY_LENGTH, generateKeyPair, keyPairFromPrivate } from "../agreement/key-pair.ts";
import { Reader, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { sign } from "../identity/xeddsa.ts";
import {
  MAX_CLOCK_SKEW_MS,
  MAX_HELD_ONE_TIME_PREKEYS,
  MAX_PREKEY_GENERATIONS,
  MAX_REMEMBERED_HELLOS,
  ONE_TIME_PREKEYS,
  PREKEY_LIFETIME_MS,
  PREKEY_RENEWAL_MS,
} from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type KyberKeyPair, generateKyberKeyPair, kyberKeyPairFromSeed } from "../session/kyber1024.ts";
import type { OurPrekeys } from "../session/pqxdh.ts";
import type { PrekeyUse } from "../session/session-record.ts";
import { Writer } from "../writer.ts";
import type { PublicPrekeys } from "./bundle.ts";
import { type OneTimePrekey, decodeOneTimePrekeys, encodeOneTimePrekeys, hashOneTimePrekeys } from "./one-time-prekeys.ts";

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

/** All of a device's prekeys. Ids count up over both kinds and are never given twice. */
export interface OwnPrekeys {
  /** Oldest first; the last one is published. */
  readonly generations: readonly Generation[];
  /** Those not spent, by id, oldest first. A key goes with the generation it was published beside, the newest with a lower id. */
  readonly oneTime: ReadonlyMap<number, KeyPair>;
  /**
   * The list of one-time prekeys beside the bundle. It is replaced as a whole by keys that nobody has seen, never changed: a relay counts
   * through it, and a key that it gave away must not come up again.
   */
  readonly list: Uint8Array;
  readonly nextId: number;
  /** Kept until the generation is erased. */
  readonly used: readonly UsedHello[];
}

/** A fresh device's prekeys. */
export function newPrekeys(p: Primitives, now: number): OwnPrekeys {
  const none = { generations: [], oneTime: new Map(), list: encodeOneTimePrekeys([]), nextId: 1, used: [] };
  return renewPrekeys(p, none, now).prekeys;
}

/**
 * Renews what is due at `now` (ms): a new generation weekly, a new list of one-time prekeys with it or when half of the last are spent; and
 * erases generations that were made 30 days ago. `changed`: publish a new bundle. Store `prekeys` whenever they are not `held`.
 */
export function renewPrekeys(p: Primitives, held: OwnPrekeys, now: number): { prekeys: OwnPrekeys; changed: boolean } {
  const isCrowded = held.used.length >= MAX_REMEMBERED_HELLOS / 2;
  const newest = held.generations.at(-1);
  const isDue = newest === undefined || isCrowded || now - newest.created >= PREKEY_RENEWAL_MS || newest.created - now > MAX_CLOCK_SKEW_MS;
  const changed = isDue || unspent(held) < ONE_TIME_PREKEYS / 2;
  const isAlive = ({ created }: Generation): boolean => now - created < PREKEY_LIFETIME_MS;
  if (!changed && held.generations.every(isAlive)) return { prekeys: held, changed };

  let { nextId } = held;
  // What a clock made that was ahead would otherwise live until that time.
  let generations = held.generations.filter(isAlive).map((generation) => ({ ...generation, created: Math.min(generation.created, now) }));
  if (isDue) {
    const fresh = { id: nextId++, created: now, signed: generateKeyPair(p), kyber: generateKyberKeyPair(p) };
    generations = [...generations.slice(isCrowded ? -1 : 1 - MAX_PREKEY_GENERATIONS), fresh];
  }
  const oldest = (generations[0] as Generation).id;
  const oneTime = new Map([...held.oneTime].filter(([id]) => id > oldest));
  const used = held.used.filter((hello) => generations.some(({ id }) => id === hello.generation));
  const prekeys = { generations, oneTime, list: held.list, nextId, used };
  return { prekeys: changed ? renewOneTimePrekeys(p, prekeys) : prekeys, changed };
}

/** A new list of one-time prekeys, for whoever has handed out none of ours yet: what is in it, no other relay has. */
export function renewOneTimePrekeys(p: Primitives, held: OwnPrekeys): OwnPrekeys {
  const fresh = Array.from({ length: ONE_TIME_PREKEYS }, (_, i): [number, KeyPair] => [held.nextId + i, generateKeyPair(p)]);
  const list = encodeOneTimePrekeys(fresh.map(([id, keys]) => ({ id, key: keys.publicKey })));
  const oneTime = new Map([...held.oneTime, ...fresh].slice(-MAX_HELD_ONE_TIME_PREKEYS));
  return { ...held, oneTime, list, nextId: held.nextId + ONE_TIME_PREKEYS };
}

/** One more one-time prekey, in no list that is published: for one device that is told of it (spec §8). It opens what was made with it once. */
export function privatePrekey(p: Primitives, held: OwnPrekeys): { prekeys: OwnPrekeys; oneTime: OneTimePrekey } {
  const [id, keys] = [held.nextId, generateKeyPair(p)];
  const oneTime = new Map([...held.oneTime, [id, keys] as const].slice(-MAX_HELD_ONE_TIME_PREKEYS));
  return { prekeys: { ...held, oneTime, nextId: id + 1 }, oneTime: { id, key: keys.publicKey } };
}

function unspent({ list, oneTime }: OwnPrekeys): number {
  return decodeOneTimePrekeys(list).filter(({ id }) => oneTime.has(id)).length;
}

/** What a bundle publishes of them, and the list of one-time prekeys beside it. `ours` is the device's key pair, which signs. */
export function publishedPrekeys(p: Primitives, ours: KeyPair, held: OwnPrekeys): { prekeys: PublicPrekeys; oneTime: Uint8Array } {
  const { id, signed, kyber } = held.generations.at(-1) as Generation;
  const prekeys = {
    signed: { id, key: signed.publicKey, signature: sign(p, ours, signed.publicKey) },
    kyber: { id, key: kyber.publicKey, signature: sign(p, ours, kyber.publicKey) },
    oneTimeHash: hashOneTimePrekeys(p, held.list),
  };
  return { prekeys, oneTime: held.list };
}

/**
 * Our halves of the prekeys that a hello names; `undefined` when they are gone, when this hello was answered before, or when so many were
 * that no more can be remembered.
 */
export function findPrekeys(held: OwnPrekeys, ours: KeyPair, use: PrekeyUse): OurPrekeys | undefined {
  if (held.used.length >= MAX_REMEMBERED_HELLOS || wasUsed(held, use)) return undefined;
  const generation = held.generations.find(({ id }) => id === use.signedPrekeyId && id === use.kyberPrekeyId);
  const oneTime = use.oneTimePrekeyId === undefined ? undefined : held.oneTime.get(use.oneTimePrekeyId);
  if (generation === undefined || (use.oneTimePrekeyId !== undefined && oneTime === undefined)) return undefined;
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
  return { ...held, oneTime, used: [...held.used, { generation: use.kyberPrekeyId, baseKey: use.baseKey }] };
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
  writer.blob(held.list);
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
    if (count > most) throw damaged();
    return Array.from({ length: count }, read);
  };
  const generations = list(MAX_PREKEY_GENERATIONS, () => ({
    id: reader.uint(4),
    created: reader.uint(8),
    signed: keyPairFromPrivate(p, reader.take(32)),
    kyber: kyberKeyPairFromSeed(p, reader.take(64)),
  }));
  const oneTime = list(MAX_HELD_ONE_TIME_PREKEYS, () => [reader.uint(4), keyPairFromPrivate(p, reader.take(32))] as const);
  const published = reader.take(reader.uint(4));
  const used = list(MAX_REMEMBERED_HELLOS, () => ({ generation: reader.uint(4), baseKey: reader.take(PUBLIC_KEY_LENGTH) }));
  reader.end();
  decodeOneTimePrekeys(published);
  // Ids that do not ascend below the next one would be given twice.
  for (const ids of [generations.map(({ id }) => id), oneTime.map(([id]) => id)]) {
    if (ids.some((id, i) => id >= (ids[i + 1] ?? nextId))) throw damaged();
  }
  if (generations.length === 0) throw damaged();
  return { generations, oneTime: new Map(oneTime), list: published, nextId, used };
}

const damaged = (): ProtocolError => new ProtocolError("decode/invalid", "stored prekeys are damaged");
