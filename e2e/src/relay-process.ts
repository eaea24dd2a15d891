// A relay as operators run it: a process of its own on a real disk, that can be killed -9 and started again on the same port.

import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../packages/relay/src/main.ts", import.meta.url));

export interface RelayProcess {
  readonly url: string;
  readonly port: number;
  readonly metricsPort: number;
  /** Everything the process has printed so far, over all restarts. */
  output(): string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. */
  start(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts a relay process with its data in `dataDir`, serving the web app in `webRoot` if given. */
export async function startRelayProcess(options: { dataDir: string; webRoot?: string; port?: number }): Promise<RelayProcess> {
  const port = options.port ?? (await freePort());
  const metricsPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let output = "";
  let child: ChildProcess | undefined;
  let exit: Promise<number | null> = Promise.resolve(null);

  async function start(): Promise<void> {
    const running = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        PORT: String(port),
        SOTTO_DATA: options.dataDir,
        SOTTO_METRICS_PORT: String(metricsPort),
        ...(options.webRoot === undefined ? {} : { SOTTO_WEB: options.webRoot }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = running;
    running.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    running.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    exit = new Promise((resolve) => running.once("exit", resolve));
    let gone = false;
    void exit.then(() => (gone = true));
    while (!(await answers(url))) {
      if (gone) throw new Error(`the relay stopped while starting:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  await start();
  return {
    url,
    port,
    metricsPort,
    output: () => output,
    start,
    async kill() {
      child?.kill("SIGKILL");
      await exit;
    },
    async stop() {
      child?.kill("SIGTERM");
      return exit;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
