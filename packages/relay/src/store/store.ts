// What the relay needs of a store, whatever holds the bytes: cells with write-once tags in one order, and signed directory records whose
// one-time prekeys are handed out once.
// Every implementation passes the suite in test/store-suite.ts. Not its concern: signatures (checked before), blobs (blobs/), rates.

import type { AppendRecord, AppendResult, FoundRecord, Shard } from "@sotto/wire";
import type { OneTimePrekeys } from "../directory/one-time-prekeys.ts";

/** Pinned cells (or pinned tags) of a shard one after the other, in the order of their cursors. */
export interface CellRun {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Cursor of the last one; 0 for an empty run. */
  readonly last: number;
}

/** Cells that were just committed to one shard. */
export interface Announcement extends CellRun {
  readonly shard: Shard;
}

/** Where a shard stands. */
export interface ShardState {
  /** Newest cursor of the shard; 0 if it never had a cell, or none is left. */
  readonly head: number;
  /** Cells up to this cursor may be gone. */
  readonly expired: number;
}

/** A closed segment of a shard: its cells have cursors above `after` up to `last`. */
export interface SegmentRange {
  readonly after: number;
  readonly last: number;
  readonly count: number;
}

/** What a read may ask for. */
export interface ReadOptions {
  /** At most so many cells. */
  readonly limit: number;
  /** None above this cursor. */
  readonly upTo?: number;
  /** Pinned tags instead of pinned cells. */
  readonly tags?: boolean;
}

/** A verified directory record, split into what is compared and what is kept. */
export interface VerifiedRecord {
  readonly account: Uint8Array;
  readonly list: VerifiedPart & { readonly version: number };
  /** Devices in the list. */
  readonly devices: readonly number[];
  readonly bundles: readonly VerifiedBundle[];
}

/** A verified bundle and its one-time prekeys. */
export interface VerifiedBundle extends VerifiedPart {
  readonly device: number;
  readonly issued: number;
  readonly oneTime?: OneTimePrekeys;
}

/** Signed bytes whose signature was verified. */
export interface VerifiedPart {
  readonly bytes: Uint8Array;
  /** Length of what was signed: signatures are random, so two equal things are compared without them. */
  readonly signedLength: number;
}

/** A verified claim. */
export interface VerifiedClaim {
  readonly handle: string;
  readonly account: Uint8Array;
  readonly issued: number;
}

/**
 * The relay's memory. Every method that writes resolves after the bytes are safe on disk and rejects with a WireError having changed nothing:
 * `board/full`, `board/unavailable`, `relay/busy`, or what the method names.
 */
export interface Store {
  /** 16 bytes: the identity of this board. */
  readonly board: Uint8Array;
  /** Pins cells in order. A tag is written once per shard. */
  append(records: readonly AppendRecord[]): Promise<AppendResult[]>;
  /** The cells of a shard after a cursor. */
  read(shard: Shard, after: number, options: ReadOptions): Promise<CellRun>;
  state(shard: Shard): Promise<ShardState>;
  /** Calls `listener` after every commit, in the order of cursors, before `append` resolves. Returns how to stop. */
  watch(listener: (announcement: Announcement) => void): () => void;
  /** A segment, which is closed by this call if its time is over: nothing is pinned in it any more. */
  segment(shard: Shard, segment: number): Promise<SegmentRange | "open" | "expired">;
  /** Forgets some cells whose retention is over; `more` says that others are left. */
  expire(): Promise<{ readonly removed: number; readonly more: boolean }>;
  /** Keeps the newest list and bundles (directory/merge.ts). Rejects with `directory/stale`, `directory/conflict`, `directory/not-listed`, `directory/full`. */
  putRecord(record: VerifiedRecord): Promise<void>;
  /** What is held of an account; hands out nothing. */
  record(account: Uint8Array): Promise<FoundRecord | undefined>;
  /** What is held of an account, and a one-time prekey of each device that has one left: never the same one twice, however the relay dies. */
  takeRecord(account: Uint8Array): Promise<FoundRecord | undefined>;
  /** First come, first served. Rejects with `handle/taken`, `handle/too-many`, `directory/full`. */
  putHandle(claim: VerifiedClaim): Promise<void>;
  handle(handle: string): Promise<Uint8Array | undefined>;
  /** Finishes what was accepted, then lets go of the disk. */
  close(): Promise<void>;
}

/** Why a store cannot be opened; the message says what to do. */
export class StoreOpenError extends Error {
  override readonly name = "StoreOpenError";
  readonly reason: "newer" | "locked" | "foreign" | "unusable";

  constructor(reason: StoreOpenError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}
