// What an account shows otherwise after it was loaded anew: as a commit, so that public objects follow it as any other. Takes the state before
// and the one after, and the messages that somebody holds. Not a concern here: why it was loaded.

import { type CborInput, encodeCbor } from "@sotto/encoding";
import type { DeviceId } from "../api.ts";
import type { State } from "../engine/state.ts";
import type { Table } from "../engine/table.ts";
import type { Commit, Happening } from "../engine/transaction.ts";
import type { MessageRecord } from "../records/message-record.ts";
import { compareKeys } from "../storage/keys.ts";

/** The commit that leads from one state to the other. */
export async function differenceOf(before: State, after: State, held: Iterable<MessageRecord>): Promise<Commit> {
  const rows = new Map<string, ReadonlyMap<string, unknown>>();
  before.shown.forEach((table, i) => {
    const changed = changedRows(table, after.shown[i] as Table<unknown>);
    if (changed.size > 0) rows.set(table.kind.table, changed);
  });
  const keysOf = ({ kind }: { readonly kind: { readonly table: string } }): ReadonlySet<string> => new Set(rows.get(kind.table)?.keys());
  const added: MessageRecord[] = [];
  for await (const record of after.messages.from(before.messages.next)) added.push(record);
  const updated: MessageRecord[] = [];
  for (const record of held) {
    const now = await after.messages.get(record.conversation, record.place);
    if (now !== undefined && !same(record, now)) updated.push(now);
  }
  return {
    rows,
    self: keysOf(after.selfTable).size > 0,
    contacts: keysOf(after.contacts),
    conversations: keysOf(after.conversations),
    invites: keysOf(after.invites).size > 0,
    receipts: false,
    outbox: false,
    added,
    updated,
    happenings: happenings(before, after),
  };
}

/** Records that are new, other or gone. */
function changedRows(before: Table<unknown>, after: Table<unknown>): ReadonlyMap<string, unknown> {
  const { key, encode } = after.kind;
  const changed = new Map<string, unknown>();
  for (const record of after.values()) {
    const known = before.get(key(record));
    if (known === undefined || !same(encode(known), encode(record))) changed.set(key(record), record);
  }
  for (const record of before.values()) if (after.get(key(record)) === undefined) changed.set(key(record), undefined);
  return changed;
}

/** What can be told from the states alone. */
function happenings(before: State, after: State): readonly Happening[] {
  const told: Happening[] = [];
  for (const { id, phase } of after.contacts.values()) {
    if (phase === "request" && before.contacts.get(id)?.phase !== "request") told.push({ type: "request", contact: id });
  }
  const devices = new Set(before.self.list.entries.map(({ id }) => id));
  for (const { id } of after.self.list.entries) {
    if (!devices.has(id)) told.push({ type: "device-added", device: String(id) as DeviceId });
  }
  if (after.self.removed && !before.self.removed) told.push({ type: "removed" });
  return told;
}

function same(a: unknown, b: unknown): boolean {
  return compareKeys(encodeCbor(a as CborInput), encodeCbor(b as CborInput)) === 0;
}
