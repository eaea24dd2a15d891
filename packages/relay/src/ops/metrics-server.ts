// Serves the metrics on a port of the loopback interface: operators' tools reach it, the world does not.

import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { Metrics } from "./metrics.ts";

/** Begins to serve `/metrics` on 127.0.0.1. `refresh` is called before each answer. Port 0 takes a free one. */
export async function serveMetrics(port: number, metrics: Metrics, refresh: () => void): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") return response.writeHead(404).end();
    refresh();
    return response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(metrics.text());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
