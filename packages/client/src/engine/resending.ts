// What was said to a device and not acknowledged by it, so that it can be said again when it lost its session (spec §8): never more than was
// said to that very device, each message once, the newest 100, of two days. Takes messages as they are sent and receipts as they come. Not a
// concern here: when a device may ask for it (restarts.ts).

import { type DeviceEntry, encodeContents } from "@sotto/protocol";
import { RESEND } from "../limits.ts";
import type { MessageRecord } from "../records/message-record.ts";
import { sessionName, type SessionRecord } from "../records/session-record.ts";
import type { UnacknowledgedItem } from "../records/unacknowledged-record.ts";
import { contentOf, copyOf } from "./notices.ts";
import { enqueueOnSession } from "./outbound.ts";
import { changeRepair } from "./repairs.ts";
import type { Transaction } from "./transaction.ts";

/** A message is on its way to a device. */
export function sentTo(tx: Transaction, { device }: Pick<SessionRecord, "device">, { conversation, place }: MessageRecord): void {
  const items = fresh(tx, device).filter((item) => item.place !== place);
  tx.unacknowledged.put({ device, items: [...items, { conversation, place, at: tx.now }].slice(-RESEND.most) });
}

/** A device said that it has a message. */
export function acknowledged(tx: Transaction, { device }: Pick<SessionRecord, "device">, place: number): void {
  const record = tx.unacknowledged.get(device);
  const items = record?.items.filter((item) => item.place !== place);
  if (record === undefined || items === undefined || items.length === record.items.length) return;
  if (items.length === 0) tx.unacknowledged.delete(device);
  else tx.unacknowledged.put({ device, items });
}

/** Says again what a device has not acknowledged, as the same contents: what it has all the same, it drops. Each is said again once only. */
export async function sayAgain(tx: Transaction, session: SessionRecord): Promise<void> {
  const isOwn = session.account === (tx.self.id as string);
  const items = fresh(tx, session.device);
  tx.unacknowledged.delete(session.device);
  for (const { conversation, place } of items) {
    const record = await tx.messages.get(conversation, place);
    const content = record === undefined ? undefined : isOwn ? copyOf(tx, record) : contentOf(record);
    if (content !== undefined) enqueueOnSession(tx, session, encodeContents([content]));
  }
}

/** What these devices have not acknowledged: asked for before they leave their account's list. */
export function unacknowledgedBy(tx: Transaction, devices: readonly DeviceEntry[]): readonly UnacknowledgedItem[] {
  const items = new Map<string, UnacknowledgedItem>();
  for (const { key } of devices) for (const item of fresh(tx, sessionName(key))) items.set(`${item.conversation} ${item.place}`, item);
  return [...items.values()].toSorted((a, b) => a.place - b.place);
}

/** Devices took the place of others in their account's list: they hear what those had not acknowledged; with `ask`, only after a yes. */
export async function sayToSuccessors(
  tx: Transaction,
  missed: readonly UnacknowledgedItem[],
  devices: readonly DeviceEntry[],
  { ask }: { readonly ask: boolean },
): Promise<void> {
  for (const { key } of missed.length === 0 ? [] : devices) {
    const session = tx.sessions.get(sessionName(key));
    if (session === undefined) continue;
    tx.unacknowledged.put({ device: session.device, items: missed.slice(-RESEND.most) });
    if (ask) changeRepair(tx, session, { resendAsked: tx.now });
    else await sayAgain(tx, session);
  }
}

function fresh(tx: Transaction, device: string): readonly UnacknowledgedItem[] {
  return (tx.unacknowledged.get(device)?.items ?? []).filter(({ at }) => tx.now - at < RESEND.ageMs);
}
