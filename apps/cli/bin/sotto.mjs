#!/usr/bin/env node
// Starts `sotto` under Node 24 or newer. Plain JavaScript, so that an older Node can read it too: that one looks for the Node that was
// installed with the dependencies and hands over to it. What the command does is src/main.ts's concern.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MIN_NODE = 24;

if (Number(process.versions.node.split(".")[0]) >= MIN_NODE) await start();
else handOver(installedNode(dirname(fileURLToPath(import.meta.url))));

async function start() {
  // Node announces features that may still change on stderr, where people and scripts read our messages.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning.name}: ${warning.message}\n`);
  });
  keepCompiled();
  const { main } = await import("../src/main.ts");
  await main(process.argv.slice(2));
}

/**
 * Compiled code is kept between calls: halves the time to start. In a folder of our own, not in the system's temporary one, where
 * somebody else could leave code for us to run.
 */
function keepCompiled() {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const base = XDG_CACHE_HOME?.startsWith("/") ? XDG_CACHE_HOME : join(HOME || homedir(), ".cache");
  try {
    mkdirSync(join(base, "sotto"), { recursive: true, mode: 0o700 });
    module.enableCompileCache(join(base, "sotto", "compiled"));
  } catch {
    // Without a home there is no cache, and nothing else is missing.
  }
}

/**
 * The Node of the nearest node_modules, upwards.
 * @param {string} folder
 * @returns {string | undefined}
 */
function installedNode(folder) {
  const node = join(folder, "node_modules", ".bin", "node");
  if (existsSync(node)) return node;
  const parent = dirname(folder);
  return parent === folder ? undefined : installedNode(parent);
}

/** @param {string | undefined} node */
function handOver(node) {
  if (!node || process.env["SOTTO_HANDED_OVER"]) {
    process.stderr.write(
      `sotto: Node ${MIN_NODE} or newer is needed, this is ${process.version}. Install it, or run \`npm ci\` in Sotto's folder.\n`,
    );
    process.exit(1);
  }
  const env = { ...process.env, SOTTO_HANDED_OVER: "1" };
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit", env });
  // A terminal sends Ctrl-C to both; what another process sends to this one only is passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)));
}
