// From messages to the rows of a chat: day separators, the unread marker, and which messages of one author stand together.
// Takes messages in order, gives rows with stable keys. Not its concern: which rows are in the document (span.ts), how they look.

import type { Message } from "@sotto/client";

/** Messages of one author closer than this stand together, with one time and one tail. */
export const TOGETHER_MS = 3 * 60_000;

export type Row =
  | { kind: "day"; key: string; at: Date }
  | { kind: "unread"; key: "unread" }
  /** Something that happened, told in one grey line. */
  | { kind: "note"; key: string; text: string }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean };

/** What a row needs to know of a message. */
export type RowMessage = Pick<Message, "id" | "sentAt" | "mine"> & { sender: Pick<Message["sender"], "id"> };

/** A line that is not a message, shown after the message with id `after` (or first). */
export interface Note {
  key: string;
  after: string | undefined;
  text: string;
}

/** The rows of a chat. `firstUnread` is the id of the message that the marker stands before; `dayOf` names the local day of a date. */
export function rowsOf(
  messages: readonly Message[],
  options: { firstUnread?: string | undefined; notes?: readonly Note[]; dayOf?: (date: Date) => string } = {},
): Row[] {
  const { firstUnread, notes = [], dayOf = localDay } = options;
  const rows: Row[] = notes.filter((note) => note.after === undefined).map(noteRow);
  let day = "";
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1];
    const after = messages[index + 1];
    const today = dayOf(message.sentAt);
    if (today !== day) rows.push({ kind: "day", key: `day ${today} ${message.id}`, at: message.sentAt });
    if (message.id === firstUnread) rows.push({ kind: "unread", key: "unread" });
    const startsGroup = today !== day || message.id === firstUnread || !together(before, message);
    const endsGroup = after === undefined || dayOf(after.sentAt) !== today || after.id === firstUnread || !together(message, after);
    rows.push({ kind: "message", key: message.id, message, first: startsGroup, last: endsGroup });
    day = today;
    for (const note of notes) if (note.after === message.id) rows.push(noteRow(note));
  }
  return rows;
}

/** Whether two neighbours stand together. */
export function together(first: RowMessage | undefined, second: RowMessage): boolean {
  if (first === undefined || first.mine !== second.mine || first.sender.id !== second.sender.id) return false;
  return Math.abs(second.sentAt.getTime() - first.sentAt.getTime()) < TOGETHER_MS;
}

const noteRow = (note: Note): Row => ({ kind: "note", key: note.key, text: note.text });
const localDay = (date: Date): string => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
