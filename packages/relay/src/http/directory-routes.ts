// The directory and handles over HTTP: signatures are the only authorisation.

import {
  decodeDirectoryRecord,
  decodeHandleClaim,
  encodeDirectoryRecord,
  encodeFrame,
  encodeHandleAnswer,
  MAX_DIRECTORY_RECORD_BYTES,
  MAX_HANDLE_CLAIM_BYTES,
  parseDirectoryPath,
  parseHandle,
  WireError,
} from "@sotto/wire";
import { verifyClaim, verifyRecord } from "../directory/verify.ts";
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

async function getRecord({ store, rates }: DirectoryContext, { address, params }: Call): Promise<Answer> {
  rates.read(address);
  const record = await store.record(parseDirectoryPath(params["account"] ?? ""));
  if (record === undefined) throw new WireError("directory/not-found", "this relay holds no record of this account");
  return frameAnswer(encodeDirectoryRecord(record));
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
