// The history that a new device is handed besides the newest messages: in parts of their own, the newer ones first, each a blob that only who
// has the hand-over finds and opens. A part covers a fixed range of the log, so nothing has to be remembered of those that are done. Takes the
// committed log; gives sealed parts, and opens them. Not a concern here: the relay, taking messages in (history-taker.ts).

import { ascii, be4, concat, encodeContents, type Primitives } from "@sotto/protocol";
import { MAX_HISTORY, SNAPSHOT_MESSAGES } from "../limits.ts";
import { openSnapshot, sealSnapshot } from "./hand-over.ts";
import { copyOf } from "./notices.ts";
import type { State } from "./state.ts";
import { Transaction } from "./transaction.ts";

const ID = ascii("Sotto History v1 id");
const KEY = ascii("Sotto History v1 key");

/** How many messages a hand-over at this end of the log carries: with the snapshot, and besides it. */
export function historyAt(end: number): { readonly snapshot: number; readonly besides: number } {
  const all = Math.min(end, MAX_HISTORY);
  const snapshot = Math.min(all, SNAPSHOT_MESSAGES);
  return { snapshot, besides: all - snapshot };
}

/** How many parts so many messages make. */
export function partsOf(messages: number): number {
  return Math.ceil(messages / SNAPSHOT_MESSAGES);
}

/** Where part `number` (from 1) of a hand-over is found. */
export function partId(p: Primitives, blobKey: Uint8Array, number: number): Uint8Array {
  return p.hkdf(undefined, blobKey, concat(ID, be4(number)), 32);
}

/** Part `number` of a hand-over that was made when the log ended at `end`. */
export async function sealPart(
  state: State,
  p: Primitives,
  now: number,
  at: { end: number; blobKey: Uint8Array; number: number },
): Promise<Uint8Array> {
  const { end, blobKey, number } = at;
  const before = end - number * SNAPSHOT_MESSAGES;
  const from = Math.max(end - MAX_HISTORY, before - SNAPSHOT_MESSAGES, 0);
  // Never committed: a view of what is committed now.
  const view = new Transaction(state, p, now);
  const items: Uint8Array[] = [];
  for await (const record of state.messages.from(from)) {
    if (record.place >= before) break;
    const copy = copyOf(view, record);
    if (copy !== undefined) items.push(encodeContents([copy]));
  }
  return sealSnapshot(p, keysOf(p, blobKey, number), items);
}

/** The messages of a part, as devices tell each other of them. `decode/invalid` when it is not what was sealed. */
export function openPart(p: Primitives, blobKey: Uint8Array, number: number, blob: Uint8Array): readonly Uint8Array[] {
  return openSnapshot(p, keysOf(p, blobKey, number), blob);
}

function keysOf(p: Primitives, blobKey: Uint8Array, number: number): { readonly blobId: Uint8Array; readonly blobKey: Uint8Array } {
  return { blobId: partId(p, blobKey, number), blobKey: p.hkdf(undefined, blobKey, concat(KEY, be4(number)), 32) };
}
