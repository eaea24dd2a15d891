// Takes a stored session of the ratchet apart, as a thief does: no check that it is ours to read.

import { type Primitives, Reader, type SessionRecord, decodeSessionRecord } from "@sotto/protocol";
import { type ReceivingStreams, readReceivingStreams } from "../../../../packages/protocol/src/stream/receiving-streams.ts";

/** The record with all its ratchets, and what the victim waits for, by base key (33 bytes) of the session. */
export interface StoredSession {
  readonly record: SessionRecord;
  readonly streams: readonly { readonly baseKey: Uint8Array; readonly streams: ReceivingStreams }[];
}

/** Reads what `RatchetSession.encode` wrote; nothing for a device that had no session yet. */
export function storedSession(p: Primitives, bytes: Uint8Array): StoredSession {
  if (bytes.length === 0) return { record: { archived: [] }, streams: [] };
  const reader = new Reader(bytes, "a stolen session");
  reader.take(1 + 33 + 33);
  const record = decodeSessionRecord(reader.take(reader.uint(4)));
  const count = reader.uint(2);
  const streams = Array.from({ length: count }, () => ({ baseKey: reader.take(33), streams: readReceivingStreams(p, reader) }));
  reader.end();
  return { record, streams };
}
