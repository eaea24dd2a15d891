// A commit as the writer tells it to the other tabs and processes of the account, and as one of those makes it its own. Takes the records of
// the tables that are shown (State.shown), messages, and what happened; gives plain values, and a commit again. Not a concern here: order,
// gaps, sealing.

import type { CborInput, CborValue } from "@sotto/encoding";
import type { State } from "../engine/state.ts";
import type { Commit, Happening } from "../engine/transaction.ts";
import type { MessageRecord } from "../records/message-record.ts";
import { errorFields, fieldsIn, readError } from "./channel-message.ts";
import { unreadable } from "./unreadable.ts";

type Row = readonly [key: string, stored: unknown];

interface CommitMessage {
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  readonly added: readonly MessageRecord[];
  readonly updated: readonly MessageRecord[];
  readonly happenings: readonly unknown[];
  /** The place of the log that the next message gets. */
  readonly next: number;
  readonly receipts: boolean;
  readonly outbox: boolean;
}

/** What others need of a commit to show the same. A record that was deleted is `null`. */
export function messageOf(commit: Commit, state: State): CommitMessage {
  const { added, updated, happenings, receipts, outbox } = commit;
  const tables: Record<string, readonly Row[]> = {};
  for (const { kind } of state.shown) {
    const rows = commit.rows.get(kind.table);
    if (rows !== undefined) tables[kind.table] = [...rows].map(([key, row]) => [key, row === undefined ? null : kind.encode(row)]);
  }
  const { next } = state.messages;
  return { tables, added, updated, happenings: happenings.map(happeningFields), next, receipts, outbox };
}

/** Makes a commit that the writer told of part of a state; messages are in the store already. `argument/invalid` when it is none. */
export function applyMessage(state: State, value: unknown): Commit {
  const message = checked(value);
  const rows = new Map<string, ReadonlyMap<string, unknown>>();
  for (const [name, stored] of Object.entries(message.tables)) {
    const table = state.shown.find(({ kind }) => kind.table === name);
    if (table === undefined) throw unreadable("a table is not known");
    rows.set(name, new Map(stored.map(([key, row]) => [key, row === null ? undefined : table.kind.decode(row)])));
  }
  const known = state.messages.next;
  for (const table of state.shown) table.apply(rows.get(table.kind.table) ?? new Map());
  state.messages.advance(Math.max(known, message.next));
  return {
    rows,
    self: rows.has(state.selfTable.kind.table),
    contacts: keysOf(rows.get(state.contacts.kind.table)),
    conversations: keysOf(rows.get(state.conversations.kind.table)),
    invites: rows.has(state.invites.kind.table),
    receipts: message.receipts,
    outbox: message.outbox,
    // What was stored before this state was loaded is known from there.
    added: message.added.filter(({ place }) => place >= known),
    updated: message.updated,
    happenings: message.happenings.map(readHappening),
  };
}

function keysOf(rows: ReadonlyMap<string, unknown> | undefined): ReadonlySet<string> {
  return new Set(rows?.keys());
}

/** The shape of a message. Records are as the writer would read them from the store: whoever can seal one can write the other. */
function checked(value: unknown): CommitMessage {
  const { tables, added, updated, happenings, next, receipts, outbox } = (isMap(value) ? value : {}) as Partial<CommitMessage>;
  const sound =
    isMap(tables) &&
    Object.values(tables).every((rows) => Array.isArray(rows) && rows.every(isRow)) &&
    [added, updated].every((records) => Array.isArray(records) && records.every(isMessage)) &&
    Array.isArray(happenings) &&
    Number.isSafeInteger(next) &&
    typeof receipts === "boolean" &&
    typeof outbox === "boolean";
  if (!sound) throw unreadable("a commit lacks something");
  return value as CommitMessage;
}

function isRow(row: unknown): boolean {
  return Array.isArray(row) && row.length === 2 && typeof row[0] === "string" && (row[1] === null || isMap(row[1]));
}

function isMessage(record: unknown): boolean {
  if (!isMap(record)) return false;
  const { place, conversation, author, id, body, progress } = record;
  const named = typeof conversation === "string" && typeof author === "string" && id instanceof Uint8Array;
  return named && Number.isSafeInteger(place) && isMap(body) && isMap(progress);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function happeningFields(happening: Happening): CborInput {
  return happening.type === "error" ? { type: "error", ...errorFields(happening.error) } : { ...happening };
}

function readHappening(value: unknown): Happening {
  if (!isMap(value) || typeof value["type"] !== "string") throw unreadable("something happened that is not known");
  if (value["type"] !== "error") return value as unknown as Happening;
  const { type: _, ...error } = value;
  const fields = fieldsIn(new Map(Object.entries(error) as [string, CborValue][]));
  return { type: "error", error: readError(fields) };
}
