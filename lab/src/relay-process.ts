// The real relay as a process of its own: started, killed with no warning, started again on the same port and directory.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.resolve("@sotto/relay")));

/** A relay that can die. */
export class RelayProcess {
  readonly #dataDir: string;
  #child: ChildProcess | undefined;
  #port = 0;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Where it listens; the same after every start. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts it, and resolves when it listens. */
  async start(): Promise<void> {
    const child = this.#spawn();
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    for await (const line of createInterface({ input: child.stdout as Readable })) {
      const port = /listening on http:\/\/[^:]+:(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      this.#port = Number(port);
      return;
    }
    throw new Error(`the relay did not start: ${complaint}`);
  }

  /** Starts it and kills it so soon that it may be in the middle of putting its disk in order. */
  async startAndKill(afterMs: number): Promise<void> {
    this.#spawn();
    await sleep(afterMs);
    await this.kill();
  }

  /** kill -9, and resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  #spawn(): ChildProcess {
    const env = { ...process.env, PORT: `${this.#port}`, SOTTO_DATA: this.#dataDir };
    this.#child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
    return this.#child;
  }
}
