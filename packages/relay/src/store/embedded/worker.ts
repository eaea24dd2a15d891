// The store's worker: owns the file, runs one call after the other. In a thread of its own because a commit waits for the disk (tens of
// milliseconds at times) and sockets should not. Says first whether it could open the file.

import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { WireError, type WireErrorCode } from "@sotto/wire";
import { StoreOpenError } from "../store.ts";
import type { AnswerMessage, CallMessage, Calls, OpenedMessage, WorkerData } from "./calls.ts";
import { type BoardFile, openBoardFile } from "./board-file.ts";

/** SQLite's code for "no space left", on the disk or within max_page_count. */
const SQLITE_FULL = 13;

type Handlers = { readonly [Name in keyof Calls]: (args: Calls[Name][0]) => Calls[Name][1] };

function handlersOf({ db, cells, records }: BoardFile): Handlers {
  return {
    append: (args) => cells.append(args.records, args.now),
    read: (args) => cells.read(args.shard, args.after, args.options),
    state: (args) => cells.state(args.shard),
    segment: (args) => cells.segment(args.shard, args.segment, args.now),
    expire: (args) => cells.expire(args.now),
    putRecord: (record) => records.putRecord(record),
    record: (args) => records.record(args.account),
    takeRecords: (args) => records.takeRecords(args.accounts),
    putHandle: (claim) => records.putHandle(claim),
    handle: (args) => records.handle(args.handle),
    close: () => db.close(),
  };
}

function serve(port: MessagePort, file: BoardFile): void {
  const handlers = handlersOf(file);
  port.on("message", (call: CallMessage) => {
    const handler = handlers[call.name] as (args: unknown) => unknown;
    try {
      const answer = handler(call.args);
      port.postMessage({ id: call.id, answer } satisfies AnswerMessage, transferable(answer));
    } catch (error) {
      port.postMessage({ id: call.id, ...failureOf(error) } satisfies AnswerMessage);
    }
    if (call.name === "close") port.close();
  });
  port.postMessage({ board: file.board } satisfies OpenedMessage);
}

function failureOf(error: unknown): { code: WireErrorCode; message: string } {
  if (error instanceof WireError) return { code: error.code, message: error.message };
  if ((error as { errcode?: number }).errcode === SQLITE_FULL) return { code: "board/full", message: "the relay's disk is full" };
  return { code: "board/unavailable", message: "the relay's disk does not answer" };
}

/** Buffers that may move to the other thread instead of being copied. */
function transferable(answer: unknown): ArrayBuffer[] {
  if (answer instanceof Float64Array) return [answer.buffer as ArrayBuffer];
  const bytes = (answer as { bytes?: unknown } | undefined)?.bytes;
  return bytes instanceof Uint8Array ? [bytes.buffer as ArrayBuffer] : [];
}

const port = parentPort as MessagePort;
const { file, limits } = workerData as WorkerData;
try {
  serve(port, openBoardFile(file, limits));
} catch (error) {
  const reason = error instanceof StoreOpenError ? error.reason : "unusable";
  port.postMessage({ reason, message: error instanceof Error ? error.message : String(error) } satisfies OpenedMessage);
  port.close();
}
