// A relay as operators run it: a process of its own on a real disk, that can be killed -9 and started again on the same port and directory.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.resolve("@sotto/relay")));

/** What a relay runs on. */
export interface RelayPlace {
  readonly dataDir: string;
  /** The folder of the web app, if it serves one. */
  readonly webRoot?: string;
  /** Where its metrics are, if they are to be had. */
  readonly metricsPort?: number;
}

/** A relay that can die. */
export class RelayProcess {
  readonly #place: RelayPlace;
  #child: ChildProcess | undefined;
  #gone: Promise<unknown> = Promise.resolve();
  #port = 0;
  #output = "";

  constructor(place: RelayPlace) {
    this.#place = place;
  }

  /** Where it listens, since its first start; the same after every other. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Everything that it has printed so far, over all its lives. */
  get output(): string {
    return this.#output;
  }

  /** Starts it, and resolves when it listens. Rejects, with what it says, when it ends instead. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const before = this.#output.length;
    const listening = new Promise<void>((resolve) =>
      child.stdout?.on("data", () => {
        const port = /listening on http:\/\/[^:]+:(\d+)\s/.exec(this.#output.slice(before))?.[1];
        if (port === undefined) return;
        this.#port = Number(port);
        resolve();
      }),
    );
    const failed = this.#gone.then(() => {
      throw new Error(`the relay did not start: ${this.#output.slice(before)}`);
    });
    await Promise.race([listening, failed]);
  }

  /** Starts it and kills it so soon that it may be in the middle of putting its disk in order. */
  async startAndKill(afterMs: number): Promise<void> {
    this.#spawn();
    await sleep(afterMs);
    await this.kill();
  }

  /** kill -9, and resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#gone;
  }

  /** Asks it to end (SIGTERM), and resolves when it has. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#gone;
  }

  #spawn(): ChildProcess {
    const { dataDir, webRoot, metricsPort } = this.#place;
    const env = {
      ...process.env,
      PORT: `${this.#port}`,
      SOTTO_DATA: dataDir,
      ...(webRoot !== undefined && { SOTTO_WEB: webRoot }),
      ...(metricsPort !== undefined && { SOTTO_METRICS_PORT: `${metricsPort}` }),
    };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    // With "close", everything it printed has been heard.
    this.#gone = once(child, "close");
    this.#child = child;
    return child;
  }
}

/** Starts a new one. */
export async function startRelayProcess(place: RelayPlace): Promise<RelayProcess> {
  const relay = new RelayProcess(place);
  await relay.start();
  return relay;
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
