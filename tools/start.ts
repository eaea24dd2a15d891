// `npm start`: the whole of Sotto on this computer, relay and web app under one address. Settings by environment: PORT (8787),
// SOTTO_DATA (./.sotto), SOTTO_WEB (a built web app to serve instead of this one). Ends with Ctrl-C, closing connections with a reason.
import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import { encodeQR } from "qr";
import { StoreOpenError, startRelay } from "../packages/relay/src/index.ts";
import { lanAddress } from "./lan-address.ts";
import { root } from "./source-files.ts";
import { buildWebApp } from "./web-build.ts";

/** How long Ctrl-C waits for connections to close before the process ends anyway, in ms; what was acknowledged is on disk already. */
const STOP_WITHIN_MS = 5_000;

try {
  await start();
} catch (error) {
  process.stderr.write(`sotto: ${explain(error)}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const port = portFrom(process.env["PORT"]);
  const dataDir = resolve(root, process.env["SOTTO_DATA"] || ".sotto");
  const webRoot = process.env["SOTTO_WEB"] || (await buildWebApp());
  const relay = await startRelay({ dataDir, port, host: "0.0.0.0", webRoot });
  const lan = lanAddress(networkInterfaces());
  process.stdout.write(greeting(relay.port, lan, dataDir));

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(130);
    stopping = true;
    process.stderr.write("\nstopping … (once more to stop at once)\n");
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    await relay.stop();
    process.exit(0);
  };
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());
}

function portFrom(text: string | undefined): number {
  const port = Number(text || 8787);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is "${text}": give a number from 0 (any free port) to 65535`);
  return port;
}

function greeting(port: number, lan: string | undefined, dataDir: string): string {
  const lines = ["", "Sotto is running.", "", `  On this computer   http://localhost:${port}`];
  if (lan) lines.push(`  In this network    http://${lan}:${port}`);
  if (lan && process.stdout.isTTY) lines.push("", encodeQR(`http://${lan}:${port}`, "ascii").trimEnd());
  lines.push("", `  Data in ${dataDir}. Ctrl-C stops.`);
  if (lan) {
    lines.push(
      "",
      "  Browsers allow the camera and safe storage of keys only on https:// and localhost. So the app runs here at once; on a",
      "  phone it needs https in front of this port (Caddy does that in two lines). The command line works with either.",
    );
  }
  return `${lines.join("\n")}\n\n`;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `port ${process.env["PORT"] || 8787} is in use: stop what listens there, or choose others with SOTTO_DATA=… PORT=… npm start`;
  if (error instanceof StoreOpenError && error.reason === "locked")
    return `${error.message} and port: SOTTO_DATA=… PORT=… npm start (if Sotto runs here already, there is no need for a second)`;
  if (code === "EACCES") return `${error.message}: choose a port above 1023 or a folder that you may write (PORT=…, SOTTO_DATA=…)`;
  return error.message;
}
