// What a SQLite storage and its thread say to each other.

import type { StorageOp } from "../api.ts";

/** Version of the database file. A higher one is refused with `storage/newer`. */
export const SQLITE_FORMAT = 1;

/** Handed to the thread when it starts. */
export interface SqliteSetup {
  readonly file: string;
  readonly lockFile: string;
  /** At most so many pages of 4 KiB: how tests fill the disk. */
  readonly maxPages?: number;
}

/** One request. */
export type SqliteRequest =
  | { readonly op: "get"; readonly key: Uint8Array }
  | { readonly op: "page"; readonly from: Uint8Array; readonly to: Uint8Array; readonly reverse: boolean; readonly limit: number }
  | { readonly op: "batch"; readonly ops: readonly StorageOp[] }
  | { readonly op: "lock" | "unlock" | "close" };

/** A request and the number of its answer. Several travel in one message, and so do their answers. */
export interface SqliteQuestion {
  readonly id: number;
  readonly request: SqliteRequest;
}

/** Keys and values of a range. */
export type SqlitePage = readonly (readonly [Uint8Array, Uint8Array])[];

/** Why a request failed. */
export type SqliteFailure =
  | { readonly kind: "full" | "corrupt" | "locked" }
  | { readonly kind: "newer"; readonly found: number }
  | { readonly kind: "unavailable"; readonly reason: string };

/** The answer to the request with that id. */
export interface SqliteAnswer {
  readonly id: number;
  readonly value?: Uint8Array | SqlitePage | undefined | void;
  readonly failure?: SqliteFailure;
}
