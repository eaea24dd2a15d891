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
  decodeFoundRecord,
  decodeHandleAnswer,
  decodeInfo,
  type DirectoryRecord,
  directoryPath,
  encodeAppend,
  encodeDirectoryRecord,
  encodeHandleClaim,
  type FoundRecord,
  FRAME_MEDIA_TYPE,
  type HandleClaim,
  handlePath,
  INFO_PATH,
  MAX_ANSWER_BYTES,
  MAX_BLOB_BYTES,
  MAX_DIRECTORY_RECORD_BYTES,
  type RelayInfo,
  WIRE_PROTOCOL,
} from "@sotto/wire";
import type { Cancellable, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { MessengerError } from "../errors.ts";
import { later } from "../later.ts";
import { REQUEST_MS } from "../limits.ts";
import { honest } from "./honest.ts";
import { type HttpRequest, type HttpRoute, sendRequest } from "./http.ts";
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
    const body = await this.#ask({ method: "GET", path: INFO_PATH }, MAX_ANSWER_BYTES, options);
    const info = honest(() => decodeInfo(body));
    if (info.protocol !== WIRE_PROTOCOL) throw new MessengerError("relay/upgrade-required", {});
    return info;
  }

  /**
   * Pins one cell, in a request of its own. `stored` and `duplicate` (the same bytes were there) mean that it is durable; `conflict`
   * means that other bytes hold the tag.
   */
  async append(record: AppendRecord, options: Cancellable = {}): Promise<AppendResult> {
    const headers = { "content-type": CELLS_MEDIA_TYPE };
    const body = await this.#ask({ method: "POST", path: CELLS_PATH, body: encodeAppend([record]), headers }, MAX_ANSWER_BYTES, options);
    const [result] = honest(() => decodeAppendResults(body, 1));
    return result as AppendResult;
  }

  /**
   * The record under an account key (33 bytes), unverified; `undefined` when there is none. Uses up a one-time prekey of each of its devices,
   * also when the answer is lost: to only look, `peek`.
   */
  async getRecord(account: Uint8Array, options: { readonly peek?: boolean } & Cancellable = {}): Promise<FoundRecord | undefined> {
    return await unless("directory/not-found", async () => {
      const body = await this.#ask({ method: "GET", path: directoryPath(account, options) }, MAX_DIRECTORY_RECORD_BYTES, options);
      return honest(() => decodeFoundRecord(body));
    });
  }

  /** Publishes a record under an account key (33 bytes): its list, and bundles with their one-time prekeys. */
  async putRecord(account: Uint8Array, record: DirectoryRecord, options: Cancellable = {}): Promise<void> {
    await this.#put(directoryPath(account), encodeDirectoryRecord(record), options);
  }

  /** The account key (33 bytes) that the relay names by a handle; `undefined` when nobody has it. */
  async getHandle(handle: string, options: Cancellable = {}): Promise<Uint8Array | undefined> {
    return await unless("handle/not-found", async () => {
      const body = await this.#ask({ method: "GET", path: handlePath(handle) }, MAX_ANSWER_BYTES, options);
      return honest(() => decodeHandleAnswer(body));
    });
  }

  /** Claims a handle. Fails with `address/handle-taken` too. */
  async putHandle(handle: string, claim: HandleClaim, options: Cancellable = {}): Promise<void> {
    try {
      await this.#put(handlePath(handle), encodeHandleClaim(claim), options);
    } catch (error) {
      if (isRejected(error, "handle/taken")) throw new MessengerError("address/handle-taken", { handle });
      throw error;
    }
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

  async #put(path: string, body: Uint8Array, options: Cancellable): Promise<void> {
    await this.#ask({ method: "PUT", path, body, headers: { "content-type": FRAME_MEDIA_TYPE } }, MAX_ANSWER_BYTES, options);
  }

  async #ask(
    request: Pick<HttpRequest, "method" | "path" | "body" | "headers">,
    maxBytes: number,
    options: Cancellable,
  ): Promise<Uint8Array> {
    const answer = await sendRequest(this.#route, { ...request, maxBytes, timeoutMs: REQUEST_MS, signal: options.signal });
    return answer.body;
  }
}

/** What `ask` gives; `undefined` when the relay refuses it with this code. */
async function unless<T>(code: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isRejected(error, code)) return undefined;
    throw error;
  }
}

function isRejected(error: unknown, code: string): boolean {
  return MessengerError.is(error, "relay/rejected") && error.details.code === code;
}
