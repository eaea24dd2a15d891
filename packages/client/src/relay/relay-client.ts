// One relay, asked by HTTP: cells appended, the directory, handles and blobs. Takes a `Transport`; gives typed answers, each through a
// bounded decoder, each within a time limit. Every call fails with `relay/unreachable`, `relay/rate-limited`, `relay/busy`,
// `relay/rejected`, `relay/upgrade-required`, `relay/misbehaving` or `aborted`. Not a concern here: trying again, what is in a cell,
// whether a directory record is true, receiving (feed.ts).

import {
  type AppendRecord,
  type AppendResult,
  CELLS_MEDIA_TYPE,
  CELLS_PATH,
  decodeAppendResults,
  type DirectoryRecord,
  encodeAppend,
  type FoundRecord,
  type HandleClaim,
  MAX_ANSWER_BYTES,
  MAX_BLOB_BYTES,
  type RelayInfo,
} from "@sotto/wire";
import type { Cancellable, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { later } from "../later.ts";
import { REQUEST_MS } from "../limits.ts";
import { honest } from "./honest.ts";
import { type HttpRoute, sendRequest } from "./http.ts";
import { httpBase } from "./relay-url.ts";

export type { AppendRecord, AppendResult, DirectoryRecord, FoundRecord, HandleClaim, RelayInfo, Shard } from "@sotto/wire";

/** Which relay, over which network. */
export interface RelayClientOptions {
  /** `http(s)://` or `ws(s)://`. */
  readonly relay: string | URL;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** A relay's HTTP side. */
export class RelayClient {
  /** `https://relay.example`, no trailing slash. */
  readonly address: string;
  readonly #route: HttpRoute;

  constructor({ relay, transport, clock }: RelayClientOptions) {
    this.address = httpBase(relay);
    this.#route = { base: this.address, transport, clock };
  }

  /** What the relay says of itself. Another version of the contract is `relay/upgrade-required`. */
  async info(options: Cancellable = {}): Promise<RelayInfo> {
    return await (await later.directory()).askInfo(this.#route, options);
  }

  /**
   * Pins one cell, in a request of its own. `stored` and `duplicate` (the same bytes were there) mean that it is durable; `conflict`
   * means that other bytes hold the tag.
   */
  async append(record: AppendRecord, options: Cancellable = {}): Promise<AppendResult> {
    const headers = { "content-type": CELLS_MEDIA_TYPE };
    const request = { method: "POST", path: CELLS_PATH, body: encodeAppend([record]), headers } as const;
    const { body } = await sendRequest(this.#route, {
      ...request,
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs: REQUEST_MS,
      signal: options.signal,
    });
    const [result] = honest(() => decodeAppendResults(body, 1));
    return result as AppendResult;
  }

  /**
   * The record under an account key (33 bytes), unverified; `undefined` when there is none. Uses up a one-time prekey of each of its devices,
   * also when the answer is lost: to only look, `peek`.
   */
  async getRecord(account: Uint8Array, options: { readonly peek?: boolean } & Cancellable = {}): Promise<FoundRecord | undefined> {
    return await (await later.directory()).getRecord(this.#route, account, options);
  }

  /** Publishes a record under an account key (33 bytes): its list, and bundles with their one-time prekeys. */
  async putRecord(account: Uint8Array, record: DirectoryRecord, options: Cancellable = {}): Promise<void> {
    await (await later.directory()).putRecord(this.#route, account, record, options);
  }

  /** The account key (33 bytes) that the relay names by a handle; `undefined` when nobody has it. */
  async getHandle(handle: string, options: Cancellable = {}): Promise<Uint8Array | undefined> {
    return await (await later.directory()).getHandle(this.#route, handle, options);
  }

  /** Claims a handle. Fails with `address/handle-taken` too. */
  async putHandle(handle: string, claim: HandleClaim, options: Cancellable = {}): Promise<void> {
    await (await later.directory()).putHandle(this.#route, handle, claim, options);
  }

  /** A blob by its 32-byte id, going on where a broken connection stopped; `undefined` when there is none. */
  async getBlob(
    id: Uint8Array,
    { maxBytes = MAX_BLOB_BYTES, signal }: { maxBytes?: number } & Cancellable = {},
  ): Promise<Uint8Array | undefined> {
    return await (await later.blobs()).downloadBlob(this.#route, id, maxBytes, signal);
  }

  /** Uploads a blob under its 32-byte id, going on where a broken connection stopped. The same bytes again succeed. */
  async putBlob(id: Uint8Array, bytes: Uint8Array, options: Cancellable = {}): Promise<void> {
    await (await later.blobs()).uploadBlob(this.#route, id, bytes, options.signal);
  }

  /** Whether the relay has all of a blob. */
  async hasBlob(id: Uint8Array, options: Cancellable = {}): Promise<boolean> {
    return await (await later.blobs()).blobIsThere(this.#route, id, options.signal);
  }
}
