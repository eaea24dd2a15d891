// What is asked of a relay that is neither cells nor blobs: its directory, handles, what it says of itself. Loaded when it is first asked. Takes
// the way to a relay; gives what `RelayClient` promises of each. Not a concern here: whether a record is true.

import {
  decodeFoundRecord,
  decodeHandleAnswer,
  decodeInfo,
  type DirectoryRecord,
  directoryPath,
  encodeDirectoryRecord,
  encodeHandleClaim,
  type FoundRecord,
  FRAME_MEDIA_TYPE,
  type HandleClaim,
  handlePath,
  INFO_PATH,
  MAX_ANSWER_BYTES,
  MAX_DIRECTORY_RECORD_BYTES,
  type RelayInfo,
  WIRE_PROTOCOL,
} from "@sotto/wire";
import type { Cancellable } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { REQUEST_MS } from "../limits.ts";
import { honest } from "./honest.ts";
import { type HttpRoute, sendRequest } from "./http.ts";

/** As `RelayClient.info`. */
export async function askInfo(route: HttpRoute, options: Cancellable): Promise<RelayInfo> {
  const body = await get(route, INFO_PATH, MAX_ANSWER_BYTES, options);
  const info = honest(() => decodeInfo(body));
  if (info.protocol !== WIRE_PROTOCOL) throw new MessengerError("relay/upgrade-required", {});
  return info;
}

/** As `RelayClient.getRecord`. */
export async function getRecord(
  route: HttpRoute,
  account: Uint8Array,
  options: { readonly peek?: boolean } & Cancellable,
): Promise<FoundRecord | undefined> {
  return await unless("directory/not-found", async () => {
    const body = await get(route, directoryPath(account, options), MAX_DIRECTORY_RECORD_BYTES, options);
    return honest(() => decodeFoundRecord(body));
  });
}

/** As `RelayClient.putRecord`. */
export async function putRecord(route: HttpRoute, account: Uint8Array, record: DirectoryRecord, options: Cancellable): Promise<void> {
  await put(route, directoryPath(account), encodeDirectoryRecord(record), options);
}

/** As `RelayClient.getHandle`. */
export async function getHandle(route: HttpRoute, handle: string, options: Cancellable): Promise<Uint8Array | undefined> {
  return await unless("handle/not-found", async () => {
    const body = await get(route, handlePath(handle), MAX_ANSWER_BYTES, options);
    return honest(() => decodeHandleAnswer(body));
  });
}

/** As `RelayClient.putHandle`. */
export async function putHandle(route: HttpRoute, handle: string, claim: HandleClaim, options: Cancellable): Promise<void> {
  try {
    await put(route, handlePath(handle), encodeHandleClaim(claim), options);
  } catch (error) {
    if (isRejected(error, "handle/taken")) throw new MessengerError("address/handle-taken", { handle });
    throw error;
  }
}

async function get(route: HttpRoute, path: string, maxBytes: number, { signal }: Cancellable): Promise<Uint8Array> {
  return (await sendRequest(route, { method: "GET", path, maxBytes, timeoutMs: REQUEST_MS, signal })).body;
}

async function put(route: HttpRoute, path: string, body: Uint8Array, { signal }: Cancellable): Promise<void> {
  const headers = { "content-type": FRAME_MEDIA_TYPE };
  await sendRequest(route, { method: "PUT", path, body, headers, maxBytes: MAX_ANSWER_BYTES, timeoutMs: REQUEST_MS, signal });
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
