// The device list: which devices are an account's, signed by the account key (spec §2). Takes entries, gives signed bytes; takes bytes from
// anywhere, gives a verified list. Which of two lists wins is device-list-order.ts.
//
//   encoding = format 1 (1) || version BE8 || issued BE8 || account key 33 || previous hash 32 || count 1
//              || count x (device id 1 || device key 33 || added BE8 || device signature 64)
//   bytes    = encoding || XEdDSA_account("Sotto DeviceList v1" || encoding) (64)

import { type KeyPair, PUBLIC_KEY_LENGTH, type PublicKey, parsePublicKey } from "../agreement/key-pair.ts";
import { Reader, ascii, be8, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_DEVICES, MAX_DEVICE_ID, MAX_LIST_VERSION } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type DeviceEntry, isDeviceId, verifyDeviceEntry } from "./device.ts";
import { SIGNATURE_LENGTH, sign, verify } from "./xeddsa.ts";

const LABEL = ascii("Sotto DeviceList v1");
const FORMAT = 1;
const HASH_LENGTH = 32;

/** What stands for "the list before" in an account's first list: 32 zero bytes. */
export const NO_PREVIOUS_LIST: Uint8Array = new Uint8Array(HASH_LENGTH);

/** A verified device list. */
export interface DeviceList {
  readonly account: PublicKey;
  /** From 1, grows with every list. */
  readonly version: number;
  /** When it was signed, in ms, by the clock of who signed it. */
  readonly issued: number;
  /** 1 to 16 devices, ids ascending. */
  readonly entries: readonly DeviceEntry[];
  /** Hash of the list before, 32 bytes. */
  readonly previous: Uint8Array;
  /** The list as it travels, with signature. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the encoding without signature, 32 bytes: the list's name. */
  readonly hash: Uint8Array;
}

/** What a new list says; `account` comes from the key that signs. */
export type DeviceListContent = Pick<DeviceList, "version" | "issued" | "entries" | "previous">;

/**
 * Signs a list; entries may come in any order. `identity/device-limit` for more than 16 devices, `identity/id-reused` for an id or key that
 * appears twice, `identity/bad-signature` for an entry that its device did not sign for this account, `argument/invalid` for the rest.
 */
export function signDeviceList(p: Primitives, account: KeyPair, content: DeviceListContent): DeviceList {
  const { version, issued, previous } = content;
  const entries = content.entries.toSorted((a, b) => a.id - b.id);
  if (version < 1 || version > MAX_LIST_VERSION) throw new ProtocolError("argument/invalid", "list versions count from 1 to 2^46");
  if (previous.length !== HASH_LENGTH) throw new ProtocolError("argument/invalid", "the hash of the previous list has 32 bytes");
  if (entries.length > MAX_DEVICES) {
    throw new ProtocolError("identity/device-limit", `an account has at most ${MAX_DEVICES} devices`, { limit: MAX_DEVICES });
  }
  if (entries.length === 0) throw new ProtocolError("argument/invalid", "a device list names at least one device");
  requireDistinct(account.publicKey, entries);
  for (const entry of entries) requireOwnSignature(p, entry, account.publicKey);
  const encoding = concat(
    Uint8Array.of(FORMAT),
    be8(version),
    be8(issued),
    account.publicKey,
    previous,
    Uint8Array.of(entries.length),
    ...entries.map(encodeEntry),
  );
  const bytes = concat(encoding, sign(p, account, concat(LABEL, encoding)));
  return { account: account.publicKey, version, issued, entries, previous, bytes, hash: p.sha256(encoding) };
}

/**
 * The list in bytes from anywhere. `decode/invalid` for bytes that are no list, `agreement/invalid-key` for an unusable key,
 * `identity/bad-signature` when the account or a device did not sign, `identity/id-reused` for an id or key that appears twice.
 */
export function verifyDeviceList(p: Primitives, bytes: Uint8Array): DeviceList {
  const reader = new Reader(bytes, "the device list");
  if (reader.byte() !== FORMAT) throw invalid("has an unknown format");
  const version = reader.uint(8);
  const issued = reader.uint(8);
  const accountBytes = reader.take(PUBLIC_KEY_LENGTH);
  const previous = reader.take(HASH_LENGTH);
  const count = reader.byte();
  if (version < 1 || version > MAX_LIST_VERSION) throw invalid("has version 0, or one above 2^46");
  if (count < 1 || count > MAX_DEVICES) throw invalid(`names ${count} devices`);
  const raw = Array.from({ length: count }, () => readEntry(reader));
  const signature = reader.take(SIGNATURE_LENGTH);
  reader.end();

  // The account's signature first: without it nobody can make us check sixteen keys.
  const account = parsePublicKey(p, accountBytes);
  const encoding = bytes.slice(0, bytes.length - SIGNATURE_LENGTH);
  if (!verify(p, account, concat(LABEL, encoding), signature)) {
    throw new ProtocolError("identity/bad-signature", "the account did not sign this device list");
  }
  const entries = raw.map((entry) => ({ ...entry, key: parsePublicKey(p, entry.key) }));
  requireDistinct(account, entries);
  for (const entry of entries) requireOwnSignature(p, entry, account);
  return { account, version, issued, entries, previous, bytes: bytes.slice(), hash: p.sha256(encoding) };
}

/** The entry of a device key, if the list has it: "device key ∈ newest list", the link that every message hangs on. */
export function deviceInList(list: DeviceList, key: PublicKey): DeviceEntry | undefined {
  return list.entries.find((entry) => equalBytes(entry.key, key));
}

/**
 * An id for one more device: above every id of the list and `highestUsed`, the highest that this account remembers to have given away,
 * since ids of removed devices are not used again. `identity/device-limit` when 127 is reached.
 */
export function nextDeviceId(list: DeviceList, highestUsed: number): number {
  const id = Math.max(highestUsed, ...list.entries.map((entry) => entry.id)) + 1;
  if (id > MAX_DEVICE_ID) {
    throw new ProtocolError("identity/device-limit", "this account has used up its device ids", { limit: MAX_DEVICE_ID });
  }
  return id;
}

function encodeEntry({ id, key, added, signature }: DeviceEntry): Uint8Array {
  return concat(Uint8Array.of(id), key, be8(added), signature);
}

type RawEntry = Omit<DeviceEntry, "key"> & { readonly key: Uint8Array };

function readEntry(reader: Reader): RawEntry {
  const id = reader.byte();
  if (!isDeviceId(id)) throw invalid(`has the device id ${id}`);
  return { id, key: reader.take(PUBLIC_KEY_LENGTH), added: reader.uint(8), signature: reader.take(SIGNATURE_LENGTH) };
}

/** Ids ascend (one encoding per list, and no id twice); no key stands twice or is the account's, which only signs. */
function requireDistinct(account: PublicKey, entries: readonly DeviceEntry[]): void {
  entries.forEach((entry, i) => {
    const before = entries.slice(0, i);
    if (before.some((other) => other.id >= entry.id)) {
      throw new ProtocolError("identity/id-reused", "the device list gives an id twice, or ids out of order", { id: entry.id });
    }
    if (equalBytes(entry.key, account) || before.some((other) => equalBytes(other.key, entry.key))) {
      throw new ProtocolError("identity/id-reused", "the device list uses one key for two purposes", { id: entry.id });
    }
  });
}

function requireOwnSignature(p: Primitives, entry: DeviceEntry, account: PublicKey): void {
  if (!verifyDeviceEntry(p, entry, account)) {
    throw new ProtocolError("identity/bad-signature", `device ${entry.id} did not sign that it belongs to this account`, { id: entry.id });
  }
}

function invalid(what: string): ProtocolError {
  return new ProtocolError("decode/invalid", `the device list ${what}`);
}
