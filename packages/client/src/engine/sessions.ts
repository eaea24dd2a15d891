// Sessions of this device, one with each listed device of each account it knows, and with its account's other devices. Takes device lists;
// opens and closes sessions to fit them, so that "device key is in the newest list held" (spec §2) is true of every session there is. An opened
// session can be used once one side has begun it (introductions.ts, meeting.ts). Not a concern here: what is said, how a list became known.

import {
  type DeviceEntry,
  type DeviceList,
  equalBytes,
  type PublicKey,
  RatchetSession,
  serviceAddress,
  type WatchChanges,
  WIDE_WINDOWS,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { MAX_WIDE_SESSIONS } from "../limits.ts";
import { sessionEnds, type SessionRecord, sessionName } from "../records/session-record.ts";
import { forgetCells, messageSettled } from "./outbound.ts";
import { changeRepair, isSuspected } from "./repairs.ts";
import type { Transaction } from "./transaction.ts";
import { takeWaiting } from "./waiting.ts";

/** Opens a session with every device of the list that has none (except this device) and closes those of devices that it does not name. */
export async function fitSessions(tx: Transaction, account: ContactId, list: DeviceList): Promise<void> {
  const own = tx.device.keys.publicKey;
  for (const entry of list.entries) if (!equalBytes(entry.key, own)) openSession(tx, account, list.account, entry);
  const listed = new Set(list.entries.map((entry) => sessionName(entry.key)));
  for (const session of sessionsWith(tx, account)) if (!listed.has(session.device)) await closeSession(tx, session);
}

/** Closes every session with an account. */
export async function closeSessions(tx: Transaction, account: ContactId): Promise<void> {
  for (const session of sessionsWith(tx, account)) await closeSession(tx, session);
}

/** The sessions with an account's devices, in order of device ids. */
export function sessionsWith(tx: Pick<Transaction, "sessions">, account: ContactId): SessionRecord[] {
  return [...tx.sessions.values()].filter((session) => session.account === account).toSorted((a, b) => a.deviceId - b.deviceId);
}

/** The session with a device key of that account; a key that two accounts list belongs to whoever listed it first. */
export function openSession(tx: Transaction, account: ContactId, accountKey: PublicKey, entry: DeviceEntry): void {
  const device = sessionName(entry.key);
  if (tx.sessions.get(device) !== undefined) return;
  const session = newSession(tx, accountKey, entry);
  const read = Object.fromEntries([...tx.positions.values()].map(({ relay, cursor }) => [relay, cursor]));
  tx.sessions.put({ device, account, deviceId: entry.id, session, knows: 0, told: 0, missing: 0, reported: 0, read });
}

/** The session with a device that neither side has begun. */
export function newSession(tx: Transaction, accountKey: PublicKey, entry: DeviceEntry): RatchetSession {
  const ours = { device: tx.device, account: tx.self.account as PublicKey };
  return RatchetSession.start(sessionEnds(tx.p, ours, { key: entry.key, address: serviceAddress(tx.p, accountKey, entry.id) }));
}

/** The next state of a session, and the tags that change with it. */
export function putSession(tx: Transaction, record: SessionRecord, { add, drop }: WatchChanges): void {
  for (const tag of drop) tx.tags.unwatch(tag);
  for (const tag of add) tx.tags.watch(tag, { kind: "session", device: record.device });
  tx.sessions.put(record);
}

/** Watches every tag that a session waits for. */
export function watchSession(tx: Transaction, { device, session }: Pick<SessionRecord, "device" | "session">): void {
  for (const tag of session.watched()) tx.tags.watch(tag, { kind: "session", device });
}

/** Cells have expired unread: the sessions of the conversations used last look for their peers' streams further ahead (spec §4). */
export function widenSessions(tx: Transaction): void {
  const active = (account: ContactId): number => tx.conversations.get(account)?.active ?? 0;
  const latest = [...tx.sessions.values()].toSorted((a, b) => active(b.account) - active(a.account));
  for (const record of latest.slice(0, MAX_WIDE_SESSIONS)) {
    const { session, add } = record.session.widen(tx.p, WIDE_WINDOWS[0]);
    for (const tag of add) tx.tags.watch(tag, { kind: "session", device: record.device });
    tx.sessions.put({ ...record, session });
  }
}

async function closeSession(tx: Transaction, { device, account, session }: SessionRecord): Promise<void> {
  for (const tag of session.watched()) tx.tags.unwatch(tag);
  tx.sessions.delete(device);
  // What a person is asked about a copy of this device concerns all sessions with the account: it goes over to another one.
  const clone = tx.repairs.get(device)?.clone ?? null;
  tx.repairs.delete(device);
  const [other] = sessionsWith(tx, account);
  if (clone !== null && other !== undefined && !isSuspected(tx, account)) changeRepair(tx, other, { clone });
  tx.unacknowledged.delete(device);
  tx.healing.delete(device);
  for (const { message } of takeWaiting(tx, device)) if (message !== null) await messageSettled(tx, message);
  await forgetCells(tx, (cell) => cell.lane.kind === "session" && cell.lane.device === device);
}
