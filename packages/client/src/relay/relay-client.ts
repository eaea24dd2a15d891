// One relay, asked by HTTP: cells appended, the directory, handles and blobs. Takes a `Transport`; gives typed answers, each through a
// bounded decoder, each within a time limit. Errors: `relay/unreachable`, `relay/rate-limited`, `relay/rejected`, `relay/misbehaving`,
// `aborted`. Not a concern here: retrying, what is in a cell, whether a directory record is true, receiving (feed.ts).

import type { Cancellable, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";

/** Where a cell is pinned: the first `bits` of an 8-byte prefix. */
export interface Shard {
  readonly bits: number;
  readonly prefix: Uint8Array;
}

/** A cell on its way: 16-byte tag, 4096-byte body, and its shard. */
export interface CellToAppend {
  readonly shard: Shard;
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
}

/** `duplicate`: the same bytes were there, as good as stored. `conflict`: other bytes hold the tag. */
export type AppendResult = "stored" | "duplicate" | "conflict";

/** An account's record: signed device list, signed bundles, unverified. */
export interface DirectoryRecord {
  readonly list: Uint8Array;
  readonly bundles: readonly Uint8Array[];
}

/** A claim on a handle, signed by the account. */
export interface HandleClaim {
  readonly account: Uint8Array;
  readonly issued: number;
  readonly signature: Uint8Array;
}

/** What a relay says of itself. `board`: identity of its board, 16 bytes, changes only when the board was lost. */
export interface RelayInfo {
  readonly board: Uint8Array;
  readonly retentionMs: number;
}

export interface RelayClientOptions {
  /** `http(s)://` or `ws(s)://`. */
  readonly relay: string | URL;
  readonly transport: Transport;
  readonly clock: Clock;
  /** For one request, blobs excepted. Default: 20,000 ms. */
  readonly timeoutMs?: number;
}

/** A relay's HTTP side. */
export class RelayClient {
  /** The relay's http(s) origin, no trailing slash. */
  readonly origin: string;

  constructor(options: RelayClientOptions) {
    this.origin = new URL(options.relay).origin;
  }

  /** What the relay says of itself. */
  info(_options?: Cancellable): Promise<RelayInfo> {
    throw new Error("not written yet");
  }

  /** Pins one cell, in a request of its own. `stored` and `duplicate` are said only after it is durable. */
  append(_cell: CellToAppend, _options?: Cancellable): Promise<AppendResult> {
    throw new Error("not written yet");
  }

  /** The record under an account key (33 bytes); `undefined` when there is none. */
  getDirectory(_account: Uint8Array, _options?: Cancellable): Promise<DirectoryRecord | undefined> {
    throw new Error("not written yet");
  }

  /** Publishes a record. */
  putDirectory(_account: Uint8Array, _record: DirectoryRecord, _options?: Cancellable): Promise<void> {
    throw new Error("not written yet");
  }

  /** The account key (33 bytes) that the relay names by a handle; `undefined` when nobody has it. */
  getHandle(_name: string, _options?: Cancellable): Promise<Uint8Array | undefined> {
    throw new Error("not written yet");
  }

  /** Claims a handle. `address/handle-taken`. */
  putHandle(_name: string, _claim: HandleClaim, _options?: Cancellable): Promise<void> {
    throw new Error("not written yet");
  }

  /** A blob by its 32-byte id; `undefined` when there is none. Refuses more than `maxBytes` (`relay/misbehaving`). */
  getBlob(_id: Uint8Array, _options: { maxBytes: number } & Cancellable): Promise<Uint8Array | undefined> {
    throw new Error("not written yet");
  }

  /** Uploads a blob under its 32-byte id, once; resumes where an earlier attempt stopped. The same bytes again succeed. */
  putBlob(_id: Uint8Array, _bytes: Uint8Array, _options?: Cancellable): Promise<void> {
    throw new Error("not written yet");
  }
}
