#!/usr/bin/env node
// The relay as a process: configuration from the environment, a line that says where it listens, graceful stop on SIGINT and SIGTERM.
//   PORT (8787)  SOTTO_HOST (127.0.0.1)  SOTTO_DATA (~/.local/share/sotto-relay)  SOTTO_WEB  SOTTO_METRICS_PORT  SOTTO_TRUST_PROXY (1)

import { homedir } from "node:os";
import { join } from "node:path";
import { jsonLog, startRelay } from "./index.ts";

/** A port number of the environment; says what is wrong with it. */
function portOf(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`${name} is a port from 0 to 65535, not "${text}"`);
  return port;
}

try {
  const webRoot = process.env["SOTTO_WEB"];
  const metricsPort = portOf("SOTTO_METRICS_PORT");
  const relay = await startRelay({
    dataDir: process.env["SOTTO_DATA"] ?? join(homedir(), ".local", "share", "sotto-relay"),
    port: portOf("PORT") ?? 8787,
    host: process.env["SOTTO_HOST"] ?? "127.0.0.1",
    trustProxy: process.env["SOTTO_TRUST_PROXY"] === "1",
    log: jsonLog((line) => process.stderr.write(line), Date.now),
    ...(webRoot !== undefined && webRoot !== "" && { webRoot }),
    ...(metricsPort !== undefined && { metricsPort }),
  });
  process.stdout.write(`Sotto relay listening on ${relay.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // A second signal ends the process at once.
    process.once(signal, () => void relay.stop().then(() => process.exit(0)));
  }
} catch (error) {
  process.stderr.write(`The relay could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
