// A relay: opens what is on disk, puts the parts together, listens; stops in an order that loses nothing.
// Takes options, gives a running relay. Not its concern: the process around it (main.ts).

import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { WireError } from "@sotto/wire";
import { BlobFiles } from "./blobs/blob-files.ts";
import { Hub } from "./board/hub.ts";
import { LiveServer } from "./board/live-server.ts";
import { BUILD } from "./build.ts";
import { type Clock, systemClock } from "./clock.ts";
import { blobRoutes } from "./http/blob-routes.ts";
import { boardRoutes } from "./http/board-routes.ts";
import { Bodies } from "./http/body.ts";
import { directoryRoutes } from "./http/directory-routes.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { Routes } from "./http/routes.ts";
import { httpServer } from "./http/server.ts";
import { type Limits, limitsWith } from "./limits.ts";
import { type Expiry, startExpiry } from "./ops/expiry.ts";
import type { Log } from "./ops/log.ts";
import { Metrics } from "./ops/metrics.ts";
import { serveMetrics } from "./ops/metrics-server.ts";
import { Rates } from "./rates/rates.ts";
import { openEmbeddedStore } from "./store/embedded/embedded-store.ts";
import type { Store } from "./store/store.ts";
import { StaticFiles } from "./web/static-files.ts";

/** How a relay is started. */
export interface RelayOptions {
  /** Everything the relay keeps is in this directory; it is made if it is not there. */
  readonly dataDir: string;
  /** Default 8787; 0 takes a free one. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Directory of the web app's files; without it only the API is served. */
  readonly webRoot?: string;
  /** Port for `/metrics` on the loopback interface; without it there is none. 0 takes a free one. */
  readonly metricsPort?: number;
  /** Believe the last entry of X-Forwarded-For: only behind a proxy of your own. */
  readonly trustProxy?: boolean;
  readonly limits?: Partial<Limits>;
  /** Default: says nothing. */
  readonly log?: Log;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A running relay. */
export interface Relay {
  /** For clients on this machine: `http://host:port`. */
  readonly url: string;
  readonly port: number;
  readonly metricsPort: number | undefined;
  /** Finishes what was accepted, closes sockets with a reason, lets go of the disk. */
  stop(): Promise<void>;
}

/** Starts a relay. Rejects with StoreOpenError (directory in use, from a newer release, not ours), or when it cannot listen. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { dataDir, clock = systemClock } = options;
  const limits = limitsWith(options.limits);
  const web = options.webRoot === undefined ? undefined : await StaticFiles.open(options.webRoot);
  const store = await openEmbeddedStore(dataDir, limits, clock);
  let relay: RunningRelay | undefined;
  try {
    const blobs = await BlobFiles.open(join(dataDir, "blobs"), limits, clock);
    relay = new RunningRelay(options, { limits, clock, store, blobs, web });
    await relay.listen();
    return relay;
  } catch (error) {
    await (relay ?? { stop: () => store.close() }).stop();
    throw error;
  }
}

/** What was opened for a relay. */
interface Opened {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly store: Store;
  readonly blobs: BlobFiles;
  readonly web: StaticFiles | undefined;
}

class RunningRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #limits: Limits;
  readonly #log: Log;
  readonly #store: Store;
  readonly #hub: Hub;
  readonly #metrics = new Metrics();
  readonly #server: Server;
  readonly #live: LiveServer;
  readonly #expiry: Expiry;
  #metricsServer: Server | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: RelayOptions, { limits, clock, store, blobs, web }: Opened) {
    const { trustProxy = false, log = () => {} } = options;
    const isStopping = (): boolean => this.#stopping !== undefined;
    const metrics = this.#metrics;
    const rates = new Rates(limits, clock.now);
    const bodies = new Bodies(limits.bodyBytes);
    const hub = new Hub(store, limits.concurrentReads);
    const routes = new Routes([
      ...boardRoutes({ store, limits, rates, bodies, metrics, build: BUILD }),
      ...directoryRoutes({ store, rates, bodies, metrics, now: clock.now }),
      ...blobRoutes({ blobs, rates, blobRetentionMs: limits.blobRetentionMs }),
      ...healthRoutes(store, isStopping),
    ]);
    this.#options = options;
    this.#limits = limits;
    this.#log = log;
    this.#store = store;
    this.#hub = hub;
    this.#server = httpServer({ routes, web, limits, trustProxy, metrics, log, isStopping });
    this.#live = new LiveServer(this.#server, { store, hub, limits, rates, clock, metrics, trustProxy, isStopping });
    this.#expiry = startExpiry(store, blobs, limits, clock, log);
  }

  get port(): number {
    return portOf(this.#server);
  }

  get url(): string {
    const { host = "127.0.0.1" } = this.#options;
    // Listening everywhere includes here.
    const here = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
    return `http://${here.includes(":") ? `[${here}]` : here}:${this.port}`;
  }

  get metricsPort(): number | undefined {
    return this.#metricsServer && portOf(this.#metricsServer);
  }

  async listen(): Promise<void> {
    const { port = 8787, host = "127.0.0.1", metricsPort } = this.#options;
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    if (metricsPort !== undefined) {
      this.#metricsServer = await serveMetrics(metricsPort, this.#metrics, () => {
        this.#metrics.set("sotto_live_sockets", this.#live.size);
        this.#metrics.set("sotto_live_subscriptions", this.#hub.size);
      });
    }
    this.#log({ event: "listening", port: this.port });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#log({ event: "stopping" });
    // Readers first: they come back to another relay, or later, with their cursors. Then requests, then what they need.
    this.#live.stop(new WireError("relay/stopping", "the relay is stopping", { retryAfter: 5 }));
    await closeServer(this.#server, this.#limits.stopMs, () => this.#live.terminate());
    if (this.#metricsServer !== undefined) await closeServer(this.#metricsServer, 0);
    this.#hub.close();
    await this.#expiry.stop();
    await this.#store.close();
    this.#log({ event: "stopped" });
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Takes no more connections, lets running requests finish, then breaks what is left. */
async function closeServer(server: Server, graceMs: number, breakOthers = (): void => {}): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
    breakOthers();
  }, graceMs);
  await closed;
  clearTimeout(timer);
}
