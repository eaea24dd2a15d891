// The key of a sealed store and the header that holds it wrapped. Takes a storage, its keeper and perhaps a passphrase; gives the keys
// that seal records. The store key is random; it is sealed with the passphrase first, if there is one, and by the keeper last: a copy of
// the storage without its keeper opens with no passphrase whatever. Not a concern here: records.
//
// header (storage key 0x00) = CBOR { format: 1, key: wrapped key, salt?: 16 bytes (there is a passphrase), label?: wrapped bytes }
// wrapped key = keeper(store key) or keeper(nonce(24) || XChaCha20-Poly1305(Argon2id(passphrase, salt, 64 MiB, t = 3), store key))

import { decodeCborObjects, encodeCbor } from "@sotto/encoding";
import type { Primitives } from "@sotto/protocol";
import type { Argon2id } from "@sotto/protocol/primitives/argon2id";
import type { Storage } from "../api.ts";
import { MessengerError } from "../errors.ts";

/** Version of header and records. A store of a higher one is refused with `storage/newer`. */
export const STORE_FORMAT = 1;

const HEADER = Uint8Array.of(0);
const KEY = 32;
const SALT = 16;
const NONCE = 24;
const MAX_HEADER = 4096;
/** 64 MiB and 3 passes: the second recommended option of RFC 9106 §4, under a second in JavaScript. */
const argon = { memoryKiB: 64 * 1024, iterations: 3, length: KEY };
const text = new TextEncoder();
const KEY_AD = text.encode("Sotto Store v1 key");

/** The header as read: `salt` is there when a passphrase is needed. */
export interface StoreHeader {
  readonly key: Uint8Array;
  readonly salt?: Uint8Array;
  readonly label?: Uint8Array;
}

/** What seals a store in addition to its keeper; each is asked for only when it is needed. */
export interface PassphraseSeal {
  /** The passphrase, UTF-8. */
  passphrase(): Promise<Uint8Array>;
  argon2id(): Promise<Argon2id>;
}

/** The keys that seal records, each for one use. */
export interface StoreKeys {
  readonly values: Uint8Array;
  readonly tables: Uint8Array;
  readonly opaque: Uint8Array;
  readonly channel: Uint8Array;
  wipe(): void;
}

/** The header of a storage; `undefined` when it is empty. Fails with `storage/newer`, `storage/corrupt`. */
export async function readHeader(storage: Storage): Promise<StoreHeader | undefined> {
  const bytes = await storage.get(HEADER);
  if (bytes === undefined) return undefined;
  const corrupt = new MessengerError("storage/corrupt", { what: "its header cannot be read" });
  if (bytes.length > MAX_HEADER) throw corrupt;
  let header: unknown;
  try {
    header = decodeCborObjects(bytes);
  } catch {
    throw corrupt;
  }
  if (!isMap(header) || !Number.isSafeInteger(header["format"])) throw corrupt;
  const format = header["format"] as number;
  if (format > STORE_FORMAT) throw new MessengerError("storage/newer", { found: format, known: STORE_FORMAT });
  const { format: _, key, salt, label, ...unknown } = header;
  const sound = key instanceof Uint8Array && isBytesOrAbsent(salt, SALT) && isBytesOrAbsent(label);
  // A field that is not known may be the salt or label under a damaged name.
  if (format !== STORE_FORMAT || !sound || Object.keys(unknown).length > 0) throw corrupt;
  return { key, ...(salt === undefined ? {} : { salt }), ...(label === undefined ? {} : { label }) };
}

function isBytesOrAbsent(value: unknown, length?: number): value is Uint8Array | undefined {
  return value === undefined || (value instanceof Uint8Array && (length === undefined || value.length === length));
}

/** Writes the header. */
export async function writeHeader(storage: Storage, header: StoreHeader): Promise<void> {
  await storage.batch([{ put: HEADER, value: encodeCbor({ format: STORE_FORMAT, ...header }) }]);
}

/** Makes a random store key, writes it wrapped, and gives the keys. */
export async function createStoreKey(storage: Storage, p: Primitives, seal: PassphraseSeal | undefined): Promise<StoreKeys> {
  const key = p.randomBytes(KEY);
  if (seal === undefined) {
    await writeHeader(storage, { key: await storage.keeper.wrap(key) });
    return derive(p, key);
  }
  const salt = p.randomBytes(SALT);
  const nonce = p.randomBytes(NONCE);
  const sealed = p.xchacha20poly1305.seal(await stretched(seal, salt), nonce, key, KEY_AD);
  const inner = new Uint8Array(NONCE + sealed.length);
  inner.set(nonce);
  inner.set(sealed, NONCE);
  await writeHeader(storage, { key: await storage.keeper.wrap(inner), salt });
  return derive(p, key);
}

/** Opens the wrapped key. Fails with `storage/wrong-key`. */
export async function openStoreKey(
  storage: Storage,
  p: Primitives,
  header: StoreHeader,
  seal: PassphraseSeal | undefined,
): Promise<StoreKeys> {
  const inner = await storage.keeper.unwrap(header.key);
  if (header.salt === undefined) {
    if (inner.length !== KEY) throw new MessengerError("storage/corrupt", { what: "its key has a wrong length" });
    return derive(p, inner);
  }
  if (seal === undefined) throw new MessengerError("storage/wrong-key", { reason: "passphrase-needed" });
  const key = p.xchacha20poly1305.open(await stretched(seal, header.salt), inner.subarray(0, NONCE), inner.subarray(NONCE), KEY_AD);
  if (key === undefined) throw new MessengerError("storage/wrong-key", { reason: "passphrase-wrong" });
  return derive(p, key);
}

async function stretched({ passphrase, argon2id }: PassphraseSeal, salt: Uint8Array): Promise<Uint8Array> {
  const given = await passphrase();
  return (await argon2id())(given, salt, argon);
}

/** Deletes everything, the header first: it has the lowest key. */
export async function eraseStore(storage: Storage): Promise<void> {
  const range = { from: new Uint8Array(), to: Uint8Array.of(255), limit: 1000 };
  for (;;) {
    const keys: Uint8Array[] = [];
    for await (const [key] of storage.scan(range)) keys.push(key);
    if (keys.length === 0) return;
    await storage.batch(keys.map((del) => ({ del })));
  }
}

function derive(p: Primitives, key: Uint8Array): StoreKeys {
  const one = (use: string): Uint8Array => p.hkdf(undefined, key, text.encode(`Sotto Store v1 ${use}`), KEY);
  const keys = { values: one("values"), tables: one("tables"), opaque: one("opaque"), channel: one("channel") };
  key.fill(0);
  return { ...keys, wipe: () => Object.values(keys).forEach((bytes) => bytes.fill(0)) };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
