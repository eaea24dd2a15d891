// The life of a device process: started, asked, killed with no warning. Everything that it had written before it died counts as said. Takes
// where its account is; gives calls. Not a concern here: what it is asked.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { AnswerLine } from "../lines.ts";
import type { Report } from "../program.ts";
import { RemoteDevice } from "../remote-device.ts";
import type { Life } from "../stage.ts";

const PROGRAM = fileURLToPath(new URL("device.ts", import.meta.url));

/** Within this a device that is killed soon is dead, ms: as long as it takes to seal and store a message. */
const SOON_MS = 12;

/** What a device process runs on, and who hears it. */
export interface DevicePlace {
  readonly relay: string;
  readonly file: string;
  readonly name: string;
  reported(report: Report): void;
}

/** A running device. */
export class DeviceProcess implements Life {
  readonly remote: RemoteDevice;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  /** What it wrote to stderr: an uncaught error is a bug. */
  complaint = "";

  constructor({ relay, file, name, reported }: DevicePlace) {
    const child = spawn(process.execPath, [PROGRAM, relay, file, name], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    const input = child.stdin as Writable;
    // A pipe to a process that was just killed breaks; its death is noticed below.
    input.on("error", () => undefined);
    this.remote = new RemoteDevice((line) => void input.write(`${JSON.stringify(line)}\n`), reported);
    child.stderr?.on("data", (chunk: Buffer) => (this.complaint += chunk.toString()));
    this.#gone = this.#listen(child.stdout as Readable);
  }

  /** Whether it has not ended by itself. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** kill -9. */
  async kill(soon?: number): Promise<void> {
    if (soon !== undefined) await sleep(soon * SOON_MS);
    this.#child.kill("SIGKILL");
    await this.#gone;
  }

  async #listen(output: Readable): Promise<void> {
    for await (const line of createInterface({ input: output })) {
      try {
        this.remote.take(JSON.parse(line) as AnswerLine);
      } catch {
        // The line in the middle of which it was killed.
      }
    }
    this.remote.end();
  }
}
