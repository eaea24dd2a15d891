// A relay that lies, in front of one that does not: an HTTP server that passes requests and live sockets on, each through its lies. Takes the
// address of the honest one; gives a port. Not a concern here: which lies (lying-requests.ts, lying-socket.ts).

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket as AcceptedSocket, WebSocketServer } from "ws";
import type { Faults } from "../faults.ts";
import { type Answer, answerLying, type Behind, type RequestSeen } from "../lying-requests.ts";
import { LyingSocket } from "../lying-socket.ts";

/** A lying relay at work. */
export interface LyingRelay {
  readonly port: number;
  stop(): Promise<void>;
}

/** Headers that say something about one connection only. */
const HOP = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "host", "upgrade", "expect"]);

/** Starts it on a free port of the loopback. */
export async function startLyingRelay(honest: () => string, faults: Faults): Promise<LyingRelay> {
  const sockets = new WebSocketServer({ noServer: true });
  const behind: Behind = {
    ask: (request) => ask(honest(), request),
    wait: async (delayMs) => void (await sleep(delayMs)),
    later: (delayMs, run) => void setTimeout(run, delayMs).unref(),
  };
  const server = createServer((request, response) => void handle(request, response, faults, behind));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    sockets.handleUpgrade(request, socket, head, (accepted) => bridge(accepted, `${honest().replace("http", "ws")}${request.url}`, faults));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, faults: Faults, behind: Behind): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.entries(request.headers).filter(([name]) => !HOP.has(name)) as [string, string][];
    const seen: RequestSeen = {
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: Object.fromEntries(headers),
      body: chunks.length === 0 ? undefined : Buffer.concat(chunks),
    };
    const answer = await answerLying(seen, faults, behind);
    if (answer === undefined) return void request.socket.destroy();
    response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
    response.end(answer.body);
  } catch {
    // The relay is dead, or the client has gone: either way nobody is answered.
    request.socket.destroy();
  }
}

async function ask(base: string, { method, path, headers, body }: RequestSeen): Promise<Answer> {
  const response = await fetch(base + path, { method, headers, ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> }) });
  const told = [...response.headers].filter(([name]) => !HOP.has(name));
  return { status: response.status, headers: Object.fromEntries(told), body: new Uint8Array(await response.arrayBuffer()) };
}

/** Passes frames both ways until either end is gone. */
function bridge(client: AcceptedSocket, url: string, faults: Faults): void {
  const relay = new WebSocket(url);
  relay.binaryType = "arraybuffer";
  const lies = new LyingSocket(faults, {
    send: (frame) => client.send(frame),
    later: (delayMs, run) => void setTimeout(() => client.readyState === client.OPEN && run(), delayMs).unref(),
  });
  const early: Uint8Array[] = [];
  relay.addEventListener("open", () => {
    for (const frame of early) relay.send(frame as Uint8Array<ArrayBuffer>);
  });
  client.on("message", (data: Buffer) => {
    if (relay.readyState === WebSocket.OPEN) relay.send(data as Uint8Array<ArrayBuffer>);
    else early.push(data);
  });
  relay.addEventListener("message", ({ data }) => {
    if (client.readyState === client.OPEN) lies.pass(new Uint8Array(data as ArrayBuffer));
  });
  relay.addEventListener("error", () => undefined);
  relay.addEventListener("close", () => client.terminate());
  client.on("error", () => undefined);
  client.on("close", () => relay.close());
}
