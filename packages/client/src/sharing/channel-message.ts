// What the tabs and processes of one account say to each other: one writes, the others read along and ask it to do things. Takes messages;
// gives bytes, and reads them strictly. The channel seals them (storage/sealed-store.ts). Not a concern here: who says what when.
//
//   CBOR { type, … } with writer: 16 random bytes of whoever writes now, id: 16 of whoever asks, inside: CBOR of what is not looked into here

import { type CborInput, decodeCbor, decodeCborObjects, encodeCbor, Fields } from "@sotto/encoding";
import { MAX_FORMER_RELAYS, MAX_RELAYS } from "@sotto/protocol";
import type { Connection } from "../api.ts";
import type { RelayConnections } from "../engine/boards.ts";
import { fromHex, hex } from "../engine/hex.ts";
import { errorTexts } from "../error-texts.ts";
import { type ErrorCode, type ErrorDetails, MessengerError } from "../errors.ts";
import { MAX_CHANNEL_MESSAGE } from "../limits.ts";
import { unreadable } from "./unreadable.ts";

/** How the writer is connected: the best of the connections, and each relay's. */
interface Connected {
  readonly connection: Connection;
  readonly relays: RelayConnections;
}

/** One message. Ids are 16 bytes in hex. */
export type ChannelMessage =
  /** Who is there, and how far has it come? */
  | { readonly type: "hello" }
  /** The writer is here and has made so many commits. */
  | ({ readonly type: "welcome"; readonly writer: string; readonly commits: number } & Connected)
  /** The writer's commit of that number; `inside` as commit-message.ts has it. */
  | { readonly type: "commit"; readonly writer: string; readonly number: number; readonly inside: unknown }
  | ({ readonly type: "connection"; readonly writer: string } & Connected)
  | { readonly type: "error"; readonly writer: string; readonly error: MessengerError }
  | { readonly type: "call"; readonly id: string; readonly name: string; readonly given: readonly unknown[] }
  /** Nobody waits for this call any more. */
  | { readonly type: "cancel"; readonly id: string }
  | { readonly type: "result"; readonly id: string; readonly result: unknown }
  | { readonly type: "failure"; readonly id: string; readonly error: MessengerError }
  /** The account is about to be erased from this device. */
  | { readonly type: "erased" };

const ID = 16;
const MAX_NAME = 64;
const MAX_URL = 4_096;
/** Relays that an account has and has left. */
const MAX_CONNECTIONS = MAX_RELAYS + MAX_FORMER_RELAYS;
const MAX_INSIDE = MAX_CHANNEL_MESSAGE;
const OFFLINE = ["no-network", "relay-unreachable", "closed"] as const;
const BLOCKED = ["upgrade-required", "rate-limited", "removed", "erased"] as const;

/** A message as bytes. `argument/invalid` for values that cannot be sent. */
export function encodeMessage(message: ChannelMessage): Uint8Array {
  try {
    return encodeCbor(fieldsOf(message));
  } catch (cause) {
    throw new MessengerError("argument/invalid", { reason: "this cannot be handed to another tab or process" }, { cause });
  }
}

/** Reads a message. `argument/invalid` for everything that `encodeMessage` does not write. */
export function decodeMessage(bytes: Uint8Array): ChannelMessage {
  try {
    const fields = fieldsIn(decodeCbor(bytes));
    const message = read(fields);
    fields.end();
    return message;
  } catch (cause) {
    throw cause instanceof MessengerError ? cause : unreadable("it is not CBOR", cause);
  }
}

/** An error as values that can be sent. */
export function errorFields({ code, details }: MessengerError): { code: string; details: Uint8Array } {
  return { code, details: inside(details) };
}

/** The error behind such values. `argument/invalid`. */
export function readError(fields: Fields): MessengerError {
  const code = fields.text("code", MAX_NAME);
  const details = outside(fields.bytesUpTo("details", MAX_INSIDE));
  if (!Object.hasOwn(errorTexts, code) || typeof details !== "object" || details === null) throw unreadable("an error is not known");
  try {
    return new MessengerError(code as ErrorCode, details as ErrorDetails[ErrorCode]) as MessengerError;
  } catch (cause) {
    throw unreadable("an error lacks its details", cause);
  }
}

/** The fields of a map that came over the channel. */
export function fieldsIn(value: ConstructorParameters<typeof Fields>[0]): Fields {
  return new Fields(value, "a message", (problem) => unreadable(problem));
}

function fieldsOf(message: ChannelMessage): CborInput {
  const { type } = message;
  switch (type) {
    case "hello":
    case "erased":
      return { type };
    case "welcome":
      return { type, writer: fromHex(message.writer), commits: message.commits, ...connectedFields(message) };
    case "commit":
      return { type, writer: fromHex(message.writer), number: message.number, inside: inside(message.inside) };
    case "connection":
      return { type, writer: fromHex(message.writer), ...connectedFields(message) };
    case "error":
      return { type, writer: fromHex(message.writer), error: errorFields(message.error) };
    case "call":
      return { type, id: fromHex(message.id), name: message.name, given: inside(message.given) };
    case "cancel":
      return { type, id: fromHex(message.id) };
    case "result":
      return { type, id: fromHex(message.id), result: inside(message.result ?? null) };
    case "failure":
      return { type, id: fromHex(message.id), error: errorFields(message.error) };
  }
}

function read(fields: Fields): ChannelMessage {
  const type = fields.text("type", MAX_NAME);
  const id = (name: "writer" | "id"): string => hex(fields.bytes(name, ID));
  switch (type) {
    case "hello":
    case "erased":
      return { type };
    case "welcome":
      return { type, writer: id("writer"), commits: fields.uint("commits"), ...readConnected(fields) };
    case "commit":
      return { type, writer: id("writer"), number: fields.uint("number"), inside: outside(fields.bytesUpTo("inside", MAX_INSIDE)) };
    case "connection":
      return { type, writer: id("writer"), ...readConnected(fields) };
    case "error":
      return { type, writer: id("writer"), error: fields.map("error", readError) };
    case "call": {
      const given = outside(fields.bytesUpTo("given", MAX_INSIDE));
      if (!Array.isArray(given)) throw unreadable("a call has no arguments");
      return { type, id: id("id"), name: fields.text("name", MAX_NAME), given };
    }
    case "cancel":
      return { type, id: id("id") };
    case "result":
      return { type, id: id("id"), result: outside(fields.bytesUpTo("result", MAX_INSIDE)) };
    case "failure":
      return { type, id: id("id"), error: fields.map("error", readError) };
    default:
      throw unreadable("its type is not known");
  }
}

function connectedFields({ connection, relays }: Connected): { connection: CborInput; relays: CborInput } {
  const each = [...relays].map(([relay, to]) => ({ relay, connection: connectionFields(to) }));
  return { connection: connectionFields(connection), relays: each };
}

function readConnected(fields: Fields): Connected {
  const each = fields.maps("relays", MAX_CONNECTIONS, (of) => [of.text("relay", MAX_URL), of.map("connection", readConnection)] as const);
  return { connection: fields.map("connection", readConnection), relays: new Map(each) };
}

function connectionFields(connection: Connection): CborInput {
  switch (connection.state) {
    case "online":
      return { state: "online", since: connection.since.getTime(), relay: connection.relay.href };
    case "connecting":
      return { state: "connecting", attempt: connection.attempt, retryAt: connection.retryAt?.getTime() };
    case "offline":
      return { state: "offline", reason: connection.reason };
    case "blocked":
      return { state: "blocked", reason: connection.reason, until: connection.until?.getTime() };
  }
}

function readConnection(fields: Fields): Connection {
  const state = fields.text("state", MAX_NAME);
  const time = (name: string): Date => new Date(Math.trunc(fields.uint(name, 8.64e15)));
  switch (state) {
    case "online":
      return { state, since: time("since"), relay: readUrl(fields.text("relay", MAX_URL)) };
    case "connecting":
      return { state, attempt: fields.uint("attempt"), ...(fields.has("retryAt") ? { retryAt: time("retryAt") } : {}) };
    case "offline":
      return { state, reason: oneOf(OFFLINE, fields.text("reason", MAX_NAME)) };
    case "blocked":
      return { state, reason: oneOf(BLOCKED, fields.text("reason", MAX_NAME)), ...(fields.has("until") ? { until: time("until") } : {}) };
    default:
      throw unreadable("a state of the connection is not known");
  }
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw unreadable("a relay has no address");
  return url;
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw unreadable("a reason is not known");
  return found;
}

function inside(value: unknown): Uint8Array {
  return encodeCbor(value as CborInput);
}

function outside(bytes: Uint8Array): unknown {
  return decodeCborObjects(bytes);
}
