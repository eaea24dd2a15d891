// The one order of a conversation's messages, equal on every device of everybody in it (N-10): by the counter that each message carries,
// then by its author's clock, then by its id. Takes what a message says of itself; gives positions that sort as text. The index by which a
// store is read in this order shows whoever reads the storage how many messages there are, not when they were written. Not a concern here:
// the order in which messages came (message-log.ts).
//
// table "message-order": opaque(conversation) || BE8(order) || BE8(place) -> position

import { be8, concat, Reader } from "@sotto/protocol";
import type { MessageRecord } from "../records/message-record.ts";
import type { Change, SealedStore } from "../storage/sealed-store.ts";
import { hex } from "./hex.ts";

const ORDER = "message-order";
const DIGITS = 16;
const LAST_PLACE = new Uint8Array(8).fill(255);

/** What decides where a message stands. */
export type Positioned = Pick<MessageRecord, "order" | "sent" | "id" | "author">;

/** Where a message stands in its conversation: sorts as text, and no two messages have the same. */
export function positionOf({ order, sent, id, author }: Positioned): string {
  return `${digits(order)}${digits(sent)}${hex(id)}${author}`;
}

/**
 * The counter of the next message after the newest one. A peer who sends the highest number there is takes this counter away from the
 * conversation with itself: from then on authors' clocks decide, on all devices alike.
 */
export function nextOrder(newest: string | undefined): number {
  return newest === undefined ? 1 : Math.min(Number(newest.slice(0, DIGITS)) + 1, Number.MAX_SAFE_INTEGER);
}

/** What the store has to write so that a message is found in order. */
export function orderEntry(conversation: Uint8Array, record: MessageRecord): Change {
  return { table: ORDER, key: concat(conversation, be8(record.order), be8(record.place)), value: positionOf(record) };
}

/** Where to begin and which way to go. */
export interface Walk {
  /** Positions beyond this one; without it from the end. */
  readonly from?: string | undefined;
  readonly backwards?: boolean;
}

/** The places of a conversation's messages in order. Messages of one counter are read together: honest ones are few. */
export async function* inOrder(store: SealedStore, conversation: Uint8Array, { from, backwards = false }: Walk): AsyncGenerator<number> {
  const step = backwards ? -1 : 1;
  let group: Entry[] = [];
  for await (const [key, value] of store.scan(ORDER, {
    prefix: conversation,
    reverse: backwards,
    ...startOf(conversation, from, backwards),
  })) {
    const reader = new Reader(key.subarray(conversation.length), "an order");
    const entry = { order: reader.uint(8), place: reader.uint(8), position: value as string };
    if (group.length > 0 && group[0]?.order !== entry.order) {
      yield* placesOf(group, step, from);
      group = [];
    }
    group.push(entry);
  }
  yield* placesOf(group, step, from);
}

interface Entry {
  readonly order: number;
  readonly place: number;
  readonly position: string;
}

function* placesOf(group: readonly Entry[], step: number, from: string | undefined): Generator<number> {
  const compare = (a: string, b: string): number => (a < b ? -step : step);
  for (const { place, position } of group.toSorted((a, b) => compare(a.position, b.position))) {
    if (from === undefined || (position !== from && compare(from, position) < 0)) yield place;
  }
}

/** The whole group of the position is read: what stands beyond it within the group is told apart by the positions. */
function startOf(conversation: Uint8Array, from: string | undefined, backwards: boolean): { after?: Uint8Array } {
  if (from === undefined) return {};
  const group = concat(conversation, be8(Number(from.slice(0, DIGITS))));
  return { after: backwards ? concat(group, LAST_PLACE) : group };
}

function digits(number: number): string {
  return String(number).padStart(DIGITS, "0");
}
