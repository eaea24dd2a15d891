// A writer as a client is one: repeats the same cell until it is told what became of it, then goes on with the next.

import { setTimeout as sleep } from "node:timers/promises";
import { CELLS_PATH, decodeAppendResults, encodeAppend } from "@sotto/wire";
import { numberedCell } from "./numbered-cells.ts";

/** Before a request is repeated: the relay is dead, or has asked for a pause. */
const PAUSE_MS = 25;

/** What writers share. */
export interface Writing {
  readonly url: () => string;
  readonly run: number;
  /** The next number that nobody has written. */
  readonly next: () => number;
  readonly acknowledged: Set<number>;
  /** No new cell is begun after this is aborted. */
  readonly stop: AbortSignal;
}

/** Writes until told to stop; rejects if its own cell is refused as another one's. */
export async function write(writing: Writing): Promise<void> {
  while (!writing.stop.aborted) {
    const number = writing.next();
    const body = encodeAppend([numberedCell(writing.run, number)]) as Uint8Array<ArrayBuffer>;
    while (!(await isAcknowledged(writing.url() + CELLS_PATH, body))) await sleep(PAUSE_MS);
    writing.acknowledged.add(number);
  }
}

async function isAcknowledged(url: string, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  let answer: Uint8Array;
  try {
    const response = await fetch(url, { method: "POST", body });
    answer = new Uint8Array(await response.arrayBuffer());
    if (response.status !== 200) return false;
  } catch {
    // It died before it answered: the cell may be there or not.
    return false;
  }
  const [result] = decodeAppendResults(answer, 1);
  if (result === "conflict") throw new Error("the relay holds another cell under a tag that only this writer knows");
  return true;
}
