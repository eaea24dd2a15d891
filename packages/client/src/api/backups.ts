// Backups: contacts and messages, sealed so that the 24 words open them and nothing else does.

import type { MessengerError } from "../errors.ts";
import type { Cancellable, Duration, Live } from "./values.ts";

/** Contacts and messages outside this device, opened by the 24 words alone. */
export interface Backups {
  /** The backup that is kept by itself (`schedule`). */
  readonly status: Live<BackupStatus>;
  /**
   * A backup as it stands when the stream is first read, while this client goes on working. It is made as it is read: a slow reader costs no
   * memory. Its size is rounded up (at least 256 KiB, four sizes for each doubling).
   */
  export(options?: BackupOptions): ReadableStream<Uint8Array>;
  /**
   * Takes in what a backup has and this device has not; gives how many messages came. Importing it again changes nothing, and completes what
   * was broken off. What comes is history: `history()` shows it, no event and no stream tells of it, nobody is sent a receipt.
   * `backup/wrong-key`, `backup/damaged`, `backup/newer`, `backup/not-found` (at the relay), `recovery/not-here` (on a linked device without
   * `phrase`), `phrase/other-account`.
   */
  import(from: BackupSource, options?: { phrase?: string } & BackupOptions): Promise<{ messages: number }>;
  /**
   * Keeps a backup at the relay, made at once and then `every` one to thirty days, or writes one to a sink whenever it is due for as long as
   * this client is open. `null`: none is made any more; what a relay has expires there after 90 days.
   */
  schedule(plan: { every: Duration; to: "relay" | BackupSink } | null): Promise<void>;
  /** Makes a backup at the relay now. `relay/unreachable`, `relay/busy`, `backup/too-large`. */
  upload(options?: BackupOptions): Promise<void>;
}

/** How a backup is made or taken in. */
export interface BackupOptions extends Cancellable {
  onProgress?: (progress: Progress) => void;
}

/** How far something is, in whatever it is counted by. `total` is 0 while nobody knows it. */
export interface Progress {
  done: number;
  total: number;
}

/** How it stands with the backup that is kept by itself. */
export interface BackupStatus {
  /** How often a backup is made, ms; absent when none is made by itself. */
  every?: number;
  /** When the newest one was complete. */
  last?: Date;
  /** Its size, with the files of earlier backups that it is made of. */
  bytes?: number;
  /** Why the last attempt failed; it is repeated. */
  error?: MessengerError;
}

/** A file, its bytes as they come, or the newest backup that the relay has. */
export type BackupSource = Blob | ReadableStream<Uint8Array> | "relay";
/** Where a backup is written: asked for a stream each time that one is due; the stream is closed when the backup is whole, else aborted. */
export type BackupSink = () => WritableStream<Uint8Array> | Promise<WritableStream<Uint8Array>>;
