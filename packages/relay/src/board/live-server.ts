// Takes over sockets that ask for `/v1/live`: refuses them with a typed answer, or makes them live connections, beats them, ends them at a stop.

import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { LIVE_PATH, WireError } from "@sotto/wire";
import { WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import { clientAddress } from "../http/client-address.ts";
import { refuseRaw } from "../http/server.ts";
import { type Limits, MAX_MESSAGE_BYTES } from "../limits.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { Rates } from "../rates/rates.ts";
import { TokenBuckets } from "../rates/token-buckets.ts";
import type { Store } from "../store/store.ts";
import { CellFrames } from "./cell-frames.ts";
import type { Hub } from "./hub.ts";
import { LiveConnection } from "./live-connection.ts";

/** What the live server is made of. */
export interface LiveServerContext {
  readonly store: Store;
  readonly hub: Hub;
  readonly limits: Limits;
  readonly rates: Rates;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly trustProxy: boolean;
  readonly isStopping: () => boolean;
}

/** All live sockets of a relay. */
export class LiveServer {
  readonly #context: LiveServerContext;
  /** No compression: a frame could be made a bomb, and cells are random bytes. */
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #cellFrames = new CellFrames();
  readonly #connections = new Set<LiveConnection>();
  readonly #stopBeating: () => void;

  constructor(server: Server, context: LiveServerContext) {
    this.#context = context;
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    this.#stopBeating = context.clock.every(context.limits.heartbeatMs, () => {
      for (const connection of this.#connections) connection.beat();
    });
  }

  /** Open live sockets. */
  get size(): number {
    return this.#connections.size;
  }

  /** Closes every socket with the reason. */
  stop(reason: WireError): void {
    this.#stopBeating();
    for (const connection of this.#connections) connection.end(reason);
  }

  /** Breaks the sockets whose readers did not answer the closing. */
  terminate(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    try {
      const { isStopping, rates, trustProxy } = this.#context;
      if (isStopping()) throw new WireError("relay/stopping", "the relay is stopping", { retryAfter: 5 });
      if (request.url !== LIVE_PATH) throw new WireError("request/not-found", `the live socket is at ${LIVE_PATH}`);
      rates.read(clientAddress(request, trustProxy));
    } catch (error) {
      refuseRaw(socket, error as WireError);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { limits, clock, metrics, store, hub } = this.#context;
      const requests = new TokenBuckets(limits.liveFrames, 1);
      const connection = new LiveConnection(webSocket, {
        store,
        hub,
        frames: this.#cellFrames,
        limits,
        now: clock.now,
        mayRead: () => requests.take("", 1, clock.now()) === 0,
        ended: (reason) => metrics.add("sotto_live_ended_total", 1, { reason }),
        sent: (bytes) => metrics.add("sotto_live_bytes_sent_total", bytes),
      });
      this.#connections.add(connection);
      webSocket.once("close", () => this.#connections.delete(connection));
    });
  }
}
