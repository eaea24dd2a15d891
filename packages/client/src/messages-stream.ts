// Messages as a stream that has no gap and repeats nothing: a place in the stored log and a wait for more. Nothing is buffered, so a slow
// reader costs no memory. What came out of a backup is passed over: it is history. Takes a way to read the log from a place; gives an iterator
// that ends with its signal or its client. Not a concern here: how messages are stored.

import type { Message } from "./api.ts";
import type { MessageRecord } from "./records/message-record.ts";
import type { Waker } from "./waker.ts";

/** What a stream reads and how it shows it. */
export interface StreamSource {
  /** Stored messages from a place on, oldest first. */
  from(place: number): AsyncIterable<MessageRecord>;
  readonly commits: Waker;
  /** Whether a message belongs into this stream. */
  includes(record: MessageRecord): boolean;
  show(record: MessageRecord): Message;
}

/** Messages from `place` on, for as long as the client is open and the signal is not aborted. */
export async function* streamMessages(source: StreamSource, place: number, signal?: AbortSignal): AsyncGenerator<Message, void, undefined> {
  const ended = (): boolean => source.commits.closed || signal?.aborted === true;
  let next = place;
  while (!ended()) {
    // Taken before reading: a commit during the reading ends the wait at once.
    const more = source.commits.wait(signal);
    for await (const record of source.from(next)) {
      next = record.place + 1;
      if (record.history !== true && source.includes(record)) yield source.show(record);
      if (ended()) return;
    }
    await more;
  }
}
