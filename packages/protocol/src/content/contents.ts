// Contents: one message of a session says one to sixteen things, so that a text and the receipts that wait ride in one cell (spec §7). Takes
// contents and gives bytes, and back, within bounds. What a content does when it arrives is not a concern here, nor whether its author may say
// it.
//
//   message = [ 1..16 x { type: text, id: 16 bytes, sent: ms, order?: from 1, body: map } ]      strict, deterministic CBOR

import { type CborInput, type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import { CONTENT_ID_LENGTH, MAX_CONTENTS, MAX_PAYLOAD, MAX_TYPE_LENGTH } from "../limits.ts";
import { equalBytes } from "../bytes.ts";
import { PUBLIC_KEY_LENGTH } from "../agreement/key-pair.ts";
import type { Primitives } from "../primitives/primitives.ts";
import {
  type AccountStateBody,
  type DeviceListBody,
  type ProfileBody,
  type RequestKeyBody,
  accountStateCodec,
  deviceListCodec,
  profileCodec,
  requestKeyCodec,
} from "./account-notices.ts";
import { type BackupLockBody, backupLockCodec } from "./backup-lock.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";
import { type ContactBody, contactCodec } from "./contact.ts";
import { type CardBody, type HelloBody, helloCodec } from "./hello.ts";
import { type ConversationBody, conversationCodec, type ReadBody, readCodec } from "./reading.ts";
import { type PingBody, type RestartedBody, pingCodec, restartedCodec } from "./recovery.ts";
import { type ReceiptBody, receiptCodec } from "./receipt.ts";
import { type RelaysBody, relaysCodec } from "./relays.ts";
import { type TextBody, textCodec } from "./text.ts";

/** What my other devices could not see: contents that I sent, or that reached this device only. */
export interface CopyBody {
  /** Account key of the other person, or my own for notes. */
  readonly conversation: Uint8Array;
  /** Account key of who wrote the contents. */
  readonly author: Uint8Array;
  /** No copies among them. */
  readonly contents: readonly Content[];
  /** Whether the person has read them already. */
  readonly read: boolean;
  /** When (ms) the device that tells of it learned that the other side has them; absent: not, or they are the other side's. */
  readonly delivered?: number;
}

/** The body of each type that this version knows. */
export interface ContentBodies {
  hello: HelloBody;
  card: CardBody;
  "device-list": DeviceListBody;
  text: TextBody;
  receipt: ReceiptBody;
  copy: CopyBody;
  contact: ContactBody;
  profile: ProfileBody;
  "request-key": RequestKeyBody;
  "account-state": AccountStateBody;
  read: ReadBody;
  conversation: ConversationBody;
  "backup-lock": BackupLockBody;
  restarted: RestartedBody;
  ping: PingBody;
  relays: RelaysBody;
}

/** The types that this version knows, by the name they have on the wire. */
export type ContentType = keyof ContentBodies;

interface ContentHead {
  /** 16 random bytes; a second content of one author with a known id is a repetition. */
  readonly id: Uint8Array;
  /** When it was written (ms), by its author's clock. */
  readonly sent: number;
  /** Where it stands in its conversation: one more than the highest that its author had seen there. Absent on what people do not read. */
  readonly order?: number;
}

/** A content of a type that this version knows. */
export type KnownContent = {
  [Type in ContentType]: ContentHead & { readonly type: Type; readonly body: ContentBodies[Type] };
}[ContentType];

/** A content of a newer version: kept as it is, shown as "needs a newer version". Encoding it gives the same bytes again. */
export interface UnknownContent extends ContentHead {
  readonly type: "unknown";
  /** What it calls its type. */
  readonly name: string;
  readonly body: CborValue;
}

/** One thing that a message says. */
export type Content = KnownContent | UnknownContent;

/** A fresh content id, 16 bytes. */
export function newContentId(p: Primitives): Uint8Array {
  return p.randomBytes(CONTENT_ID_LENGTH);
}

/** The bytes of one message. `argument/invalid` for no content, more than 16 or a bound broken; `message/too-large` for a text too long. */
export function encodeContents(contents: readonly Content[]): Uint8Array {
  return encodeCbor(encodeItems(contents));
}

/** Reads one message. `content/invalid` for whatever `encodeContents` would not have written. */
export function decodeContents(bytes: Uint8Array): readonly Content[] {
  // Before anything is built of it: no message is longer than what a cell carries.
  if (bytes.length > MAX_PAYLOAD) throw new ProtocolError("content/invalid", "a message is longer than a cell");
  return decodeItems(decodeCbor(bytes, "a message", "content/invalid"));
}

const copyCodec: BodyCodec<CopyBody> = {
  encode({ conversation, author, contents, read, delivered }) {
    if (conversation.length !== PUBLIC_KEY_LENGTH || author.length !== PUBLIC_KEY_LENGTH) throw unacceptable("an account key has 33 bytes");
    if (contents.some((content) => content.type === "copy")) throw unacceptable("a copy holds no copies");
    return { conversation, author, contents: encodeItems(contents), read, delivered };
  },
  decode(fields) {
    const conversation = fields.bytes("conversation", PUBLIC_KEY_LENGTH);
    const author = fields.bytes("author", PUBLIC_KEY_LENGTH);
    const contents = decodeItems(fields.value("contents"));
    if (contents.some((content) => content.type === "copy")) throw fields.invalid("contents", "holds a copy of a copy");
    const copy = { conversation, author, contents, read: fields.boolean("read") };
    return fields.has("delivered") ? { ...copy, delivered: fields.uint("delivered") } : copy;
  },
};

const codecs: { readonly [Type in ContentType]: BodyCodec<ContentBodies[Type]> } = {
  hello: helloCodec,
  card: helloCodec,
  "device-list": deviceListCodec,
  text: textCodec,
  receipt: receiptCodec,
  copy: copyCodec,
  contact: contactCodec,
  profile: profileCodec,
  "request-key": requestKeyCodec,
  "account-state": accountStateCodec,
  read: readCodec,
  conversation: conversationCodec,
  "backup-lock": backupLockCodec,
  restarted: restartedCodec,
  ping: pingCodec,
  relays: relaysCodec,
};

function encodeItems(contents: readonly Content[]): CborInput {
  if (contents.length < 1 || contents.length > MAX_CONTENTS) throw unacceptable(`a message holds 1 to ${MAX_CONTENTS} contents`);
  if (repeatsId(contents)) throw unacceptable("two contents of a message have one id");
  return contents.map(encodeItem);
}

function encodeItem(content: Content): CborInput {
  const { id, sent, order } = content;
  if (id.length !== CONTENT_ID_LENGTH) throw unacceptable(`a content id has ${CONTENT_ID_LENGTH} bytes`);
  if (sent < 0) throw unacceptable("a time is not negative");
  if (order !== undefined && order < 1) throw unacceptable("the first message of a conversation has order 1");
  if (content.type === "unknown") return { type: content.name, id, sent, order, body: content.body as CborInput };
  const codec = codecs[content.type] as BodyCodec<KnownContent["body"]>;
  return { type: content.type, id, sent, order, body: codec.encode(content.body) };
}

function decodeItems(value: CborValue): readonly Content[] {
  const items = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (items.length < 1 || items.length > MAX_CONTENTS) {
    throw new ProtocolError("content/invalid", `a message does not hold 1 to ${MAX_CONTENTS} contents`);
  }
  const contents = items.map(decodeItem);
  if (repeatsId(contents)) throw new ProtocolError("content/invalid", "two contents of a message have one id");
  return contents;
}

function decodeItem(value: CborValue): Content {
  const fields = new Fields(value, "a content", "content/invalid");
  const type = fields.text("type", MAX_TYPE_LENGTH);
  const head: ContentHead = {
    id: fields.bytes("id", CONTENT_ID_LENGTH),
    sent: fields.uint("sent"),
    ...(fields.has("order") ? { order: fields.uint("order") } : {}),
  };
  if (head.order === 0) throw fields.invalid("order", "begins at 1");
  if (!isKnown(type)) {
    const unknown: UnknownContent = { type: "unknown", ...head, name: type, body: fields.value("body") };
    fields.end();
    return unknown;
  }
  const body = fields.map("body", (inside) => codecs[type].decode(inside));
  fields.end();
  return { type, ...head, body } as KnownContent;
}

function isKnown(type: string): type is ContentType {
  return Object.hasOwn(codecs, type);
}

function repeatsId(contents: readonly Content[]): boolean {
  return contents.some((content, i) => contents.slice(0, i).some((before) => equalBytes(before.id, content.id)));
}
