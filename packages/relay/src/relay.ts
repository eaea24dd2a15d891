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
import { type Log } from "./ops/log.ts";
import { Metrics } from "./ops/metrics.ts";
import { serveMetrics } from "./ops/metrics-server.ts";
import { startExpiry } from "./ops/expiry.ts";
import { Rates } from "./rates/rates.ts";
import { openEmbeddedStore } from "./store/embedded/embedded-store.ts";
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
  const { dataDir, host = "127.0.0.1", trustProxy = false, log = () => {}, clock = systemClock } = options;
  const limits = limitsWith(options.limits);
  const web = options.webRoot === undefined ? undefined : await StaticFiles.open(options.webRoot);
  const store = await openEmbeddedStore(dataDir, limits, clock);
  const blobs = await BlobFiles.open(join(dataDir, "blobs"), limits, clock);

  let stopping: Promise<void> | undefined;
  const isStopping = (): boolean => stopping !== undefined;
  const metrics = new Metrics();
  const rates = new Rates(limits, clock.now);
  const bodies = new Bodies();
  const hub = new Hub(store, limits.concurrentReads);
  const stored = (results: readonly string[]): void => results.forEach((result) => metrics.add("sotto_cells_total", 1, { result }));
  const routes = new Routes([
    ...boardRoutes({ store, limits, rates, bodies, build: BUILD, stored }),
    ...directoryRoutes({ store, rates, bodies, now: clock.now }),
    ...blobRoutes({ blobs, rates, blobRetentionMs: limits.blobRetentionMs }),
    ...healthRoutes(store, isStopping),
  ]);
  const server = httpServer({ routes, web, limits, trustProxy, metrics, log, isStopping });
  const live = new LiveServer(server, { store, hub, limits, rates, clock, metrics, trustProxy, isStopping });
  const expiry = startExpiry(store, blobs, limits, clock, log);
  const refresh = (): void => {
    metrics.set("sotto_live_sockets", live.size);
    metrics.set("sotto_live_subscriptions", hub.size);
  };

  let metricsServer: Server | undefined;
  const close = async (): Promise<void> => {
    live.stop(new WireError("relay/stopping", "the relay is stopping", { retryAfter: 5 }));
    await closeServer(server, limits.stopMs);
    if (metricsServer !== undefined) await closeServer(metricsServer, 0);
    hub.close();
    await expiry.stop();
    await store.close();
  };
  try {
    await listen(server, options.port ?? 8787, host);
    if (options.metricsPort !== undefined) metricsServer = await serveMetrics(options.metricsPort, metrics, refresh);
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  log({ event: "listening", port });
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`,
    port,
    metricsPort: (metricsServer?.address() as AddressInfo | undefined)?.port,
    stop() {
      if (stopping === undefined) log({ event: "stopping" });
      stopping ??= close().then(() => log({ event: "stopped" }));
      return stopping;
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, "listening");
}

/** Takes no more connections, lets running requests finish, then breaks what is left. */
async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
