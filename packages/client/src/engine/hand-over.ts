// What a new device of this account is handed: a small payload through the pairing, and a sealed blob with everything that is too large for
// it. Takes the account as it stands; gives bytes, and reads them again. Contacts and messages are the contents that devices tell each other
// anyway, so the new device takes them in as if it had heard them. Not a concern here: the pairing, the device list (joining.ts).
//
//   payload = CBOR { format, list, device, giver, name, relays, requestKey, restoreRoot, published, handle?, blob, key, besides, snapshot,
//             recovery, phrase? }
//   blob    = nonce(24) || XChaCha20-Poly1305(key, CBOR { format, contents: [ plaintext of one message each ] }, ad = blob id)

import {
  concat,
  decodeCbor,
  type DeviceList,
  encodeCbor,
  encodeContents,
  Fields,
  MAX_DEVICE_ID,
  MAX_HANDLE_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PAYLOAD,
  MAX_RELAY_LENGTH,
  MAX_RELAYS,
  type Primitives,
  ProtocolError,
  relaysProblem,
  verifyDeviceList,
} from "@sotto/protocol";
import { MAX_HISTORY, SNAPSHOT_MESSAGES } from "../limits.ts";
import type { SelfRecord } from "../records/self-record.ts";
import { backupLockContents } from "./backup-lock.ts";
import { accountState, bundleContents, contactContents, copyOf, newContent } from "./notices.ts";
import { relaysBodyFromHere } from "./own-relays.ts";
import { conversationContent } from "./reading.ts";
import type { Transaction } from "./transaction.ts";

const FORMAT = 1;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 24;
const MAX_PHRASE_ENTROPY = 32;
/** Contents in a snapshot: far more contacts than anybody has, and the history. */
const MAX_CONTENTS_IN_SNAPSHOT = 100_000;

/** What goes through the pairing. */
export interface HandOver {
  /** The account's list as it is, without the new device. */
  readonly list: DeviceList;
  /** The id that the new device gets. */
  readonly deviceId: number;
  /** The device that hands the account over: it signs the new one in. */
  readonly giver: number;
  readonly name: string;
  /** Where the account reads, its home first; one of them holds the blob. */
  readonly relays: readonly string[];
  readonly requestKey: Uint8Array;
  /** Where devices restored from the words introduce themselves to the new one: see `SelfRecord`. */
  readonly restoreRoot: Uint8Array;
  readonly published: boolean;
  readonly handle: string | null;
  readonly blobId: Uint8Array;
  readonly blobKey: Uint8Array;
  /** Messages that come in parts of their own, and those that are in the snapshot (history-parts.ts). */
  readonly besides: number;
  readonly snapshot: number;
  readonly recovery: SelfRecord["recovery"];
  /** Entropy of the words; `null` unless they are handed over too. */
  readonly phrase: Uint8Array | null;
}

/** The bytes of a hand-over. */
export function encodeHandOver(handOver: HandOver): Uint8Array {
  const {
    list,
    deviceId,
    giver,
    name,
    relays,
    requestKey,
    restoreRoot,
    published,
    handle,
    blobId,
    blobKey,
    besides,
    snapshot,
    recovery,
    phrase,
  } = handOver;
  return encodeCbor({
    format: FORMAT,
    list: list.bytes,
    device: deviceId,
    giver,
    name,
    relays,
    requestKey,
    restoreRoot,
    published,
    handle: handle ?? undefined,
    blob: blobId,
    key: blobKey,
    besides,
    snapshot,
    recovery,
    phrase: phrase ?? undefined,
  });
}

/** Reads a hand-over and verifies its list. `decode/invalid`, errors of `verifyDeviceList`. */
export function decodeHandOver(p: Primitives, bytes: Uint8Array): HandOver {
  const fields = new Fields(decodeCbor(bytes, "an account"), "an account");
  requireFormat(fields, "an account");
  const recovery = (["unseen", "seen", "confirmed"] as const).find((state) => state === fields.text("recovery", 16));
  if (recovery === undefined) throw fields.invalid("recovery", "is not known");
  const list = verifyDeviceList(p, fields.bytesUpTo("list", MAX_PAYLOAD));
  const handOver: HandOver = {
    list,
    deviceId: fields.uint("device", MAX_DEVICE_ID),
    giver: fields.uint("giver", MAX_DEVICE_ID),
    name: fields.text("name", 2 * MAX_NAME_LENGTH),
    relays: fields.texts("relays", MAX_RELAYS, MAX_RELAY_LENGTH),
    requestKey: fields.bytes("requestKey", KEY_LENGTH),
    restoreRoot: fields.bytes("restoreRoot", KEY_LENGTH),
    published: fields.boolean("published"),
    handle: fields.has("handle") ? fields.text("handle", MAX_HANDLE_LENGTH) : null,
    blobId: fields.bytes("blob", KEY_LENGTH),
    blobKey: fields.bytes("key", KEY_LENGTH),
    besides: fields.uint("besides", MAX_HISTORY),
    snapshot: fields.uint("snapshot", SNAPSHOT_MESSAGES),
    recovery,
    phrase: fields.has("phrase") ? fields.bytesUpTo("phrase", MAX_PHRASE_ENTROPY) : null,
  };
  fields.end();
  const problem = relaysProblem(handOver.relays);
  if (problem !== undefined) throw fields.invalid("relays", problem);
  const giver = list.entries.some(({ id }) => id === handOver.giver);
  if (!giver) throw fields.invalid("giver", "is not in the list");
  return handOver;
}

/** Everything that the new device (`key`) takes in at once: names of devices, contacts, the newest messages, oldest first. */
export async function snapshotOf(tx: Transaction, key: Uint8Array): Promise<readonly Uint8Array[]> {
  const contacts = [...tx.contacts.values()].flatMap((contact) => contactContents(tx, contact));
  const copies = [];
  // Older messages count as read: those that are not are told of here, wherever they stand.
  const first = tx.state.messages.next - SNAPSHOT_MESSAGES;
  for (const { conversation, place } of tx.unread.values()) {
    const record = place < first ? await tx.messages.get(conversation, place) : undefined;
    if (record !== undefined) copies.unshift(copyOf(tx, record) ?? []);
  }
  for await (const record of tx.state.messages.from(Math.max(0, first))) copies.push(copyOf(tx, record) ?? []);
  const relays = relaysBodyFromHere(tx);
  const places = relays === undefined ? [] : [newContent(tx, "relays", relays)];
  const conversations = [...tx.conversations.values()].flatMap((record) => conversationContent(tx, record) ?? []);
  const contents = [
    accountState(tx),
    ...places,
    ...backupLockContents(tx, key),
    ...bundleContents(tx),
    ...contacts,
    ...copies.flat(),
    ...conversations,
  ];
  return contents.map((content) => encodeContents([content]));
}

/** Seals a snapshot for who has the hand-over. */
export function sealSnapshot(
  p: Primitives,
  { blobId, blobKey }: Pick<HandOver, "blobId" | "blobKey">,
  plaintexts: readonly Uint8Array[],
): Uint8Array {
  const nonce = p.randomBytes(NONCE_LENGTH);
  const inside = encodeCbor({ format: FORMAT, contents: plaintexts });
  return concat(nonce, p.xchacha20poly1305.seal(blobKey, nonce, inside, blobId));
}

/** Opens a snapshot. `decode/invalid` when it is not what was sealed. */
export function openSnapshot(
  p: Primitives,
  { blobId, blobKey }: Pick<HandOver, "blobId" | "blobKey">,
  blob: Uint8Array,
): readonly Uint8Array[] {
  const sealed = blob.subarray(NONCE_LENGTH);
  const inside = blob.length < NONCE_LENGTH ? undefined : p.xchacha20poly1305.open(blobKey, blob.subarray(0, NONCE_LENGTH), sealed, blobId);
  if (inside === undefined) throw new ProtocolError("decode/invalid", "what the relay holds of the account is damaged");
  const fields = new Fields(decodeCbor(inside, "a snapshot"), "a snapshot");
  requireFormat(fields, "a snapshot");
  const contents = fields.byteStrings("contents", MAX_CONTENTS_IN_SNAPSHOT, MAX_PAYLOAD);
  fields.end();
  return contents;
}

function requireFormat(fields: Fields, what: string): void {
  if (fields.uint("format") !== FORMAT)
    throw new ProtocolError("decode/invalid", `${what} was handed over by a newer version: update this device`);
}
