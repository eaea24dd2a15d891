// The directory and handles over HTTP: signatures are the only authorisation. Who asks for a record is handed one-time prekeys, which are used up
// by that; who only looks (`?peek`, HEAD) is not.

import {
  decodeDirectoryRecord,
  decodeHandleClaim,
  encodeFoundRecord,
  encodeFrame,
  encodeHandleAnswer,
  type FoundRecord,
  MAX_DIRECTORY_RECORD_BYTES,
  MAX_HANDLE_CLAIM_BYTES,
  parseDirectoryPath,
  parseHandle,
  WireError,
} from "@sotto/wire";
import { verifyClaim, verifyRecord } from "../directory/verify.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { Rates } from "../rates/rates.ts";
import type { Store } from "../store/store.ts";
import { type Answer, frameAnswer } from "./answer.ts";
import type { Bodies } from "./body.ts";
import type { Call, Route } from "./routes.ts";

/** What these routes need. */
export interface DirectoryContext {
  readonly store: Store;
  readonly rates: Rates;
  readonly bodies: Bodies;
  readonly metrics: Metrics;
  readonly now: () => number;
}

export function directoryRoutes(context: DirectoryContext): Route[] {
  return [
    { path: "/v1/directory/:account", methods: { GET: (call) => getRecord(context, call), PUT: (call) => putRecord(context, call) } },
    { path: "/v1/handles/:handle", methods: { GET: (call) => getHandle(context, call), PUT: (call) => putHandle(context, call) } },
  ];
}

async function putRecord({ store, rates, bodies, now }: DirectoryContext, { request, address, params }: Call): Promise<Answer> {
  const account = parseDirectoryPath(params["account"] ?? "");
  rates.directoryWrite(address);
  const record = decodeDirectoryRecord(await bodies.read(request, MAX_DIRECTORY_RECORD_BYTES));
  await store.putRecord(verifyRecord(account, record, now()));
  return frameAnswer(encodeFrame({}));
}

async function getRecord(context: DirectoryContext, { request, address, params, query }: Call): Promise<Answer> {
  const { store, rates } = context;
  rates.read(address);
  const account = parseDirectoryPath(params["account"] ?? "");
  if (query !== "" && query !== "peek") throw new WireError("request/not-found", "a record has no other view than ?peek");
  // HEAD must change nothing, whoever sends it.
  const looks = query === "peek" || request.method === "HEAD";
  const record = await (looks ? store.record(account) : takeRecord(context, address, account));
  if (record === undefined) throw new WireError("directory/not-found", "this relay holds no record of this account");
  return frameAnswer(encodeFoundRecord(record));
}

async function takeRecord(
  { store, rates, metrics }: DirectoryContext,
  address: string,
  account: Uint8Array,
): Promise<FoundRecord | undefined> {
  const mayTake = rates.mayTakePrekeys(address, account);
  const record = await (mayTake ? store.takeRecord(account) : store.record(account));
  for (const { oneTime } of record?.bundles ?? []) {
    metrics.add("sotto_one_time_prekeys_total", 1, { result: !mayTake ? "rate-limited" : oneTime === undefined ? "none-left" : "given" });
  }
  return record;
}

async function putHandle({ store, rates, bodies, now }: DirectoryContext, { request, address, params }: Call): Promise<Answer> {
  const handle = parseHandle(params["handle"] ?? "");
  rates.directoryWrite(address);
  const claim = decodeHandleClaim(await bodies.read(request, MAX_HANDLE_CLAIM_BYTES));
  await store.putHandle(verifyClaim(handle, claim, now()));
  return frameAnswer(encodeFrame({}));
}

async function getHandle({ store, rates }: DirectoryContext, { address, params }: Call): Promise<Answer> {
  rates.read(address);
  const account = await store.handle(parseHandle(params["handle"] ?? ""));
  if (account === undefined) throw new WireError("handle/not-found", "nobody claimed this handle here");
  return frameAnswer(encodeHandleAnswer(account));
}
