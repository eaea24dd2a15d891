// What goes between the relay's thread and the store's worker. Both sides of the one channel read this file.

import type { FoundRecord, WireErrorCode } from "@sotto/wire";
import type { Limits } from "../../limits.ts";
import type { CellRun, ReadOptions, SegmentRange, ShardState, StoreOpenError, VerifiedClaim, VerifiedRecord } from "../store.ts";

/** What the worker is started with. */
export interface WorkerData {
  readonly file: string;
  readonly limits: Pick<Limits, "retentionMs" | "segmentMs" | "boardBytes" | "accounts" | "handlesPerAccount">;
}

/** Name → arguments and answer of every call. Shards are bits (1) || prefix (8). */
export interface Calls {
  append: [args: { records: Uint8Array; now: number }, answer: Float64Array];
  read: [args: { shard: Uint8Array; after: number; options: ReadOptions }, answer: CellRun];
  state: [args: { shard: Uint8Array }, answer: ShardState];
  segment: [args: { shard: Uint8Array; segment: number; now: number }, answer: SegmentRange | "open" | "expired"];
  expire: [args: { now: number }, answer: { removed: number; more: boolean }];
  putRecord: [args: VerifiedRecord, answer: void];
  record: [args: { account: Uint8Array }, answer: FoundRecord | undefined];
  takeRecords: [args: { accounts: readonly Uint8Array[] }, answer: (FoundRecord | undefined)[]];
  putHandle: [args: VerifiedClaim, answer: void];
  handle: [args: { handle: string }, answer: Uint8Array | undefined];
  close: [args: object, answer: void];
}

/** A call on its way to the worker. */
export interface CallMessage {
  readonly id: number;
  readonly name: keyof Calls;
  readonly args: Calls[keyof Calls][0];
}

/** An answer on its way back. Errors do not survive the channel as objects, so their code does. */
export type AnswerMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly code: WireErrorCode; readonly message: string };

/** The worker's first message. */
export type OpenedMessage = { readonly board: Uint8Array } | { readonly reason: StoreOpenError["reason"]; readonly message: string };
