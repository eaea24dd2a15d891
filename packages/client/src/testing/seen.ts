// What a relay sees, byte by byte and with its meaning: for tests that an app leaks nothing, and to show people what is left of a message.
// Takes requests and frames as they arrive; gives records. Not a concern here: what the relay does with them.

import {
  APPEND_RECORD_BYTES,
  BODY_BYTES,
  CELLS_PATH,
  type LiveRequest,
  PREFIX_BYTES,
  shardKey,
  TAG_BYTES,
  toHex,
  decodeAppend,
} from "@sotto/wire";
import type { RelayRequest } from "./relay/requests.ts";

/** One thing that reached the relay. */
export interface RelayRecord {
  /** When, ms since 1970 by the relay's clock. */
  readonly at: number;
  /** `"POST /v1/cells"`, `"GET /v1/directory/…"`, `"live subscribe"`. */
  readonly request: string;
  /** Of a cell: the part of the board it was pinned to, `bits/prefix`; otherwise empty. */
  readonly shard: string;
  /** Of a cell: its one-time tag in hexadecimal; otherwise empty. */
  readonly tag: string;
  /** Bytes of `bytes`. */
  readonly size: number;
  /** Of a cell: its append record; otherwise the request's body or the frame. */
  readonly bytes: Uint8Array;
  /** What the bytes are, from the first to the last. */
  readonly fields: readonly RelayField[];
}

/** A part of a record's bytes. */
export interface RelayField {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  /** In words: what it is, and what the relay learns from it. */
  readonly meaning: string;
}

const CELL_FIELDS: readonly RelayField[] = [
  { name: "bits", offset: 0, length: 1, meaning: "how much of the board readers of this cell read: 0 is all of it" },
  { name: "prefix", offset: 1, length: PREFIX_BYTES, meaning: "which part that is" },
  { name: "tag", offset: 1 + PREFIX_BYTES, length: TAG_BYTES, meaning: "random to everybody but sender and recipient; used once" },
  { name: "body", offset: APPEND_RECORD_BYTES - BODY_BYTES, length: BODY_BYTES, meaning: "ciphertext of one size, whatever is in it" },
];

/** What each kind of request carries, by the beginning of its path. */
const MEANINGS: readonly (readonly [path: string, meaning: string])[] = [
  ["/v1/directory/", "a published account: its signed list of devices and their public keys"],
  ["/v1/handles/", "an account's signed claim of a handle"],
  ["/v1/blobs/", "ciphertext of an invite or of a history, under a random id"],
];

/** The records of a request: one for each cell of an append, otherwise one. */
export function seenRequest(at: number, { method, path, body }: RelayRequest): readonly RelayRecord[] {
  const request = `${method} ${path}`;
  if (path === CELLS_PATH) {
    try {
      return decodeAppend(body).map(({ shard, tag }, i) => {
        const bytes = body.slice(i * APPEND_RECORD_BYTES, (i + 1) * APPEND_RECORD_BYTES);
        return { at, request, shard: shardKey(shard), tag: toHex(tag), size: bytes.length, bytes, fields: CELL_FIELDS };
      });
    } catch {
      return [whole(at, request, body, "no cells: the relay refuses it")];
    }
  }
  const meaning = MEANINGS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? "not of the contract: the relay refuses it";
  return [whole(at, request, body, meaning)];
}

/** The record of a frame on the live socket. */
export function seenFrame(at: number, { t }: Pick<LiveRequest, "t">, frame: Uint8Array): RelayRecord {
  return whole(at, `live ${t}`, frame, "which part of the board is read, from where, and how much at once");
}

function whole(at: number, request: string, body: Uint8Array, meaning: string): RelayRecord {
  const bytes = body.slice();
  const fields = bytes.length === 0 ? [] : [{ name: "body", offset: 0, length: bytes.length, meaning }];
  return { at, request, shard: "", tag: "", size: bytes.length, bytes, fields };
}

/** The first record in which these bytes, or this text as UTF-8, stand: in its bytes or in its request. */
export function findSeen(records: readonly RelayRecord[], wanted: string | Uint8Array): RelayRecord | undefined {
  const needle = typeof wanted === "string" ? new TextEncoder().encode(wanted) : wanted;
  return records.find(({ bytes, request }) => contains(bytes, needle) || contains(new TextEncoder().encode(request), needle));
}

function contains(bytes: Uint8Array, needle: Uint8Array): boolean {
  const [first] = needle;
  if (first === undefined) return true;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (needle.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}
