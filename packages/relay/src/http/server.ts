// The HTTP side: bounds of connections and time, CORS, routing, answers. Gives a node server that is not listening yet.
// Not its concern: what the routes do; the live socket (board/live-server.ts), which takes over at `upgrade`.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { encodeFailure, WireError } from "@sotto/wire";
import { DISCARD_MS, type Limits } from "../limits.ts";
import { codeOf, type Log } from "../ops/log.ts";
import type { Metrics } from "../ops/metrics.ts";
import { apiHeaders, preflightHeaders, webHeaders } from "../web/headers.ts";
import type { StaticFiles } from "../web/static-files.ts";
import { type Answer, failureAnswer, writeAnswer } from "./answer.ts";
import { clientAddress, networkOf } from "./client-address.ts";
import type { Routes } from "./routes.ts";

/** What the server is made of. */
export interface ServerContext {
  readonly routes: Routes;
  readonly web: StaticFiles | undefined;
  readonly limits: Limits;
  readonly trustProxy: boolean;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly isStopping: () => boolean;
}

export function httpServer(context: ServerContext): Server {
  const { limits } = context;
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.bodyMs,
      connectionsCheckingInterval: Math.max(100, Math.floor(limits.headersMs / 4)),
      // Longer than proxies keep theirs, so that they close first.
      keepAliveTimeout: 75_000,
      noDelay: true,
    },
    (request, response) => void handle(context, request, response),
  );
  // A socket on which nothing moves, in either direction; later than requestTimeout, which answers before it closes.
  server.timeout = 2 * limits.bodyMs;
  server.maxConnections = limits.connections;
  boundConnections(server, context);
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => refuseRaw(socket, errorOfClient(error)));
  return server;
}

/** Answers on a socket that has no response object, and closes it. */
export function refuseRaw(socket: Socket, error: WireError): void {
  socket.on("error", () => socket.destroy());
  if (!socket.writable) return void socket.destroy();
  const body = Buffer.from(encodeFailure(error));
  const retry = error.retryAfter === undefined ? "" : `retry-after: ${error.retryAfter}\r\n`;
  const head = `HTTP/1.1 ${error.status} Refused\r\ncontent-type: application/cbor\r\ncontent-length: ${body.length}\r\n${retry}connection: close\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]), () => socket.destroy());
}

async function handle(context: ServerContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { metrics, log } = context;
  const [path = "/", query = ""] = splitOnce(request.url ?? "/", "?");
  const isApi = path.startsWith("/v1/");
  let name = "none";
  let answer: Answer;
  try {
    if (context.isStopping()) throw new WireError("relay/stopping", "the relay is stopping", { retryAfter: 5 });
    [name, answer] = await answerTo(context, request, path, query, isApi);
  } catch (error) {
    if (!(error instanceof WireError)) log({ event: "failed", where: "request", code: codeOf(error) });
    answer = failureAnswer(error);
  }
  metrics.add("sotto_requests_total", 1, { route: name, status: `${answer.status}` });
  const last = context.isStopping() ? { connection: "close" } : {};
  const headers = { ...(isApi ? apiHeaders : webHeaders), ...answer.headers, ...last };
  await writeAnswer(response, { ...answer, headers }, request.method === "HEAD");
  if (!request.complete) discard(request);
}

/** Throws away the rest of a body that was refused. */
function discard(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), DISCARD_MS).unref();
  request.once("close", () => clearTimeout(timer));
  request.resume();
}

async function answerTo(
  { routes, web, trustProxy }: ServerContext,
  request: IncomingMessage,
  path: string,
  query: string,
  isApi: boolean,
): Promise<[name: string, answer: Answer]> {
  const method = request.method ?? "GET";
  if (isApi && method === "OPTIONS") return ["preflight", { status: 204, headers: preflightHeaders }];
  if (!isApi && web !== undefined && (method === "GET" || method === "HEAD") && path !== "/healthz" && path !== "/readyz") {
    return ["web", await web.get(path, request.headers)];
  }
  const { route, handler, params } = routes.match(method, path);
  return [route.path, await handler({ request, address: clientAddress(request, trustProxy), params, query })];
}

function boundConnections(server: Server, { limits, trustProxy }: ServerContext): void {
  // Behind a proxy all connections come from the proxy: it has to bound them.
  if (trustProxy) return;
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = networkOf(socket.remoteAddress ?? "");
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > limits.connectionsPerAddress) {
      refuseRaw(socket, new WireError("relay/too-many-connections", "too many connections from this network address", { retryAfter: 10 }));
    }
  });
}

function errorOfClient(error: NodeJS.ErrnoException): WireError {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return new WireError("request/timeout", "the request took too long");
  if (error.code === "HPE_HEADER_OVERFLOW") return new WireError("frame/too-large", "the request's headers are too large");
  return new WireError("frame/invalid", "this is no HTTP request");
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
