// The default store: one process, one directory, nothing to install (node:sqlite). Groups the cells of all writers that wait into one
// transaction, and likewise all readers who wait for one-time prekeys (group-commit.ts). Gives a `Store`.
// Not its concern: tables (cells.ts, records.ts), which run in the worker.

import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type AppendRecord, type AppendResult, encodeAppend, type FoundRecord, type Shard, WireError } from "@sotto/wire";
import type { Clock } from "../../clock.ts";
import type { Limits } from "../../limits.ts";
import {
  type Announcement,
  type CellRun,
  type ReadOptions,
  type SegmentRange,
  type ShardState,
  type Store,
  StoreOpenError,
  type VerifiedClaim,
  type VerifiedRecord,
} from "../store.ts";
import { announcementsOf } from "./announcements.ts";
import type { AnswerMessage, CallMessage, Calls, OpenedMessage, WorkerData } from "./calls.ts";
import { CONFLICT, DUPLICATE } from "./cells.ts";
import { GroupCommit } from "./group-commit.ts";

/** Cells in one transaction: 4 MB, so that a commit stays short even when thousands wait. */
const MAX_GROUP = 1024;
/** Records that are found in one transaction: their answers, at most 200 KB each, are in memory at once. */
const MAX_FOUND = 64;

/** Opens (or creates) the board in `directory`. Rejects with StoreOpenError. */
export async function openEmbeddedStore(directory: string, limits: Limits, clock: Clock): Promise<Store> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, "board.sqlite");
  // Made here, so that it and the files that SQLite puts beside it are nobody else's to read.
  closeSync(openSync(file, "a", 0o600));
  syncDirectory(directory);
  const { retentionMs, segmentMs, boardBytes, accounts, handlesPerAccount } = limits;
  const data: WorkerData = { file, limits: { retentionMs, segmentMs, boardBytes, accounts, handlesPerAccount } };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: data });
  const opened = await new Promise<OpenedMessage>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  if ("reason" in opened) {
    await worker.terminate();
    throw new StoreOpenError(opened.reason, opened.message);
  }
  return new EmbeddedStore(worker, opened.board, limits, clock);
}

interface WaitingCall {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

class EmbeddedStore implements Store {
  readonly board: Uint8Array;
  readonly #worker: Worker;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #calls = new Map<number, WaitingCall>();
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  readonly #appends = new GroupCommit<readonly AppendRecord[], AppendResult[]>({
    commit: (appends) => this.#commitAppends(appends),
    most: MAX_GROUP,
    weight: (records) => records.length,
  });
  readonly #takes = new GroupCommit<Uint8Array, FoundRecord | undefined>({
    commit: (accounts) => this.#call("takeRecords", { accounts }),
    most: MAX_FOUND,
    weight: () => 1,
  });
  #nextCall = 1;
  #queuedCells = 0;
  #closing: Promise<void> | undefined;
  #broken = false;

  constructor(worker: Worker, board: Uint8Array, limits: Limits, clock: Clock) {
    this.board = board;
    this.#worker = worker;
    this.#limits = limits;
    this.#clock = clock;
    worker.on("message", (message: AnswerMessage) => this.#answered(message));
    worker.on("error", () => this.#workerGone());
    worker.on("exit", () => this.#workerGone());
  }

  append(records: readonly AppendRecord[]): Promise<AppendResult[]> {
    if (this.#closing !== undefined) return Promise.reject(stopping());
    if (this.#queuedCells + records.length > this.#limits.queuedCells) {
      return Promise.reject(new WireError("relay/busy", "the relay has more cells waiting than its disk keeps up with", { retryAfter: 1 }));
    }
    this.#queuedCells += records.length;
    return this.#appends.add(records).finally(() => (this.#queuedCells -= records.length));
  }

  read(shard: Shard, after: number, options: ReadOptions): Promise<CellRun> {
    return this.#call("read", { shard: encodeShard(shard), after, options });
  }

  state(shard: Shard): Promise<ShardState> {
    return this.#call("state", { shard: encodeShard(shard) });
  }

  watch(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  segment(shard: Shard, segment: number): Promise<SegmentRange | "open" | "expired"> {
    return this.#call("segment", { shard: encodeShard(shard), segment, now: this.#clock.now() });
  }

  expire(): Promise<{ removed: number; more: boolean }> {
    return this.#call("expire", { now: this.#clock.now() });
  }

  putRecord(record: VerifiedRecord): Promise<void> {
    return this.#call("putRecord", record);
  }

  record(account: Uint8Array): Promise<FoundRecord | undefined> {
    return this.#call("record", { account });
  }

  takeRecord(account: Uint8Array): Promise<FoundRecord | undefined> {
    return this.#closing === undefined ? this.#takes.add(account) : Promise.reject(stopping());
  }

  putHandle(claim: VerifiedClaim): Promise<void> {
    return this.#call("putHandle", claim);
  }

  handle(handle: string): Promise<Uint8Array | undefined> {
    return this.#call("handle", { handle });
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await Promise.all([this.#appends.idle(), this.#takes.idle()]);
    if (this.#broken) return;
    const exited = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    await this.#call("close", {});
    await exited;
  }

  async #commitAppends(appends: readonly (readonly AppendRecord[])[]): Promise<AppendResult[][]> {
    const records = appends.flat();
    const bytes = encodeAppend(records);
    const cursors = await this.#call("append", { records: bytes, now: this.#clock.now() }, [bytes.buffer as ArrayBuffer]);
    for (const announcement of announcementsOf(records, cursors)) for (const listener of this.#listeners) listener(announcement);
    let next = 0;
    return appends.map((append) => append.map(() => resultOf(cursors[next++] as number)));
  }

  #call<Name extends keyof Calls>(name: Name, args: Calls[Name][0], transfer: ArrayBuffer[] = []): Promise<Calls[Name][1]> {
    if (this.#broken) return Promise.reject(storeGone());
    const id = this.#nextCall++;
    return new Promise<Calls[Name][1]>((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, args } satisfies CallMessage, transfer);
    });
  }

  #answered(message: AnswerMessage): void {
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if ("code" in message) call?.reject(new WireError(message.code, message.message, retryOf(message.code)));
    else call?.resolve(message.answer as never);
  }

  /** What was under way may or may not be on disk: nobody is told that it is. */
  #workerGone(): void {
    this.#broken = true;
    for (const call of this.#calls.values()) call.reject(storeGone());
    this.#calls.clear();
  }
}

/** Makes a new file's name survive a power cut: SQLite syncs what is in it. */
function syncDirectory(directory: string): void {
  // Windows cannot open directories, and journals names by itself.
  if (process.platform === "win32") return;
  const handle = openSync(directory, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function encodeShard(shard: Shard): Uint8Array {
  return Uint8Array.of(shard.bits, ...shard.prefix);
}

function resultOf(cursor: number): AppendResult {
  return cursor === DUPLICATE ? "duplicate" : cursor === CONFLICT ? "conflict" : "stored";
}

function retryOf(code: WireError["code"]): { retryAfter?: number } {
  return code === "board/full" ? { retryAfter: 60 } : code === "board/unavailable" ? { retryAfter: 5 } : {};
}

function stopping(): WireError {
  return new WireError("relay/stopping", "the relay is stopping", { retryAfter: 2 });
}

function storeGone(): WireError {
  return new WireError("board/unavailable", "the relay's store has stopped", { retryAfter: 5 });
}
