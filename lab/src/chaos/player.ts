// A device over all its lives: started, killed at any moment, started again with the cursor of the last thing that it has shown. Keeps account
// of what it has shown and complained of. Takes a way to start one life; gives calls. Not a concern here: what it is asked to do.

import { setTimeout as sleep } from "node:timers/promises";
import type { Chronicle } from "./chronicle.ts";
import type { Tasks } from "./lines.ts";
import type { Report } from "./program.ts";
import { CallError, type RemoteDevice } from "./remote-device.ts";

/** One life of a device. */
export interface Life {
  readonly remote: RemoteDevice;
  /** Whether it has not ended by itself. */
  readonly alive: boolean;
  /** What it wrote before it ended by itself. */
  readonly complaint: string;
  /** Ends it with no warning; resolves when everything that it said was heard. */
  kill(): Promise<void>;
}

/** A device with a memory of what it said. */
export class Player {
  readonly name: string;
  readonly person: string;
  /** Numbers of the messages that it has shown, in the order of showing. */
  readonly shown: number[] = [];
  /** What went wrong inside: error codes, and how often. */
  readonly complaints = new Map<string, number>();
  kills = 0;
  readonly #launch: (reported: (report: Report) => void) => Life;
  readonly #chronicle: Chronicle;
  #life: Life | undefined;
  #opened: Promise<unknown> | undefined;
  #cursor = "start";
  #replies: (code: string) => void = () => undefined;

  constructor(names: { name: string; person: string }, launch: (reported: (report: Report) => void) => Life, chronicle: Chronicle) {
    this.name = names.name;
    this.person = names.person;
    this.#launch = launch;
    this.#chronicle = chronicle;
  }

  /** Whether it runs. */
  get running(): boolean {
    return this.#life !== undefined;
  }

  /** Resolves when it runs and its account is open. */
  async awake(): Promise<void> {
    for (;;) {
      const life = this.#life;
      await this.#opened?.catch(() => undefined);
      if (life !== undefined && life === this.#life) return;
      await sleep(50);
    }
  }

  /** Starts it, with no account opened. */
  start(): void {
    this.#opened = undefined;
    this.#life = this.#launch((report) => this.#take(report));
  }

  /** Starts it and opens its account. The call may end with `died` when it is killed meanwhile. */
  async reopen(): Promise<void> {
    this.start();
    this.#chronicle.tell(this.name, "is opened");
    this.#opened = this.call("open", this.#cursor);
    await this.#opened;
  }

  /** Asks it, once its account is open; `died` when it does not run. */
  async call<T extends keyof Tasks>(task: T, ...args: Parameters<Tasks[T]>): Promise<Awaited<ReturnType<Tasks[T]>>> {
    const life = this.#life;
    if (life === undefined) throw new CallError("died", "the device does not run");
    if (task !== "open") await this.#opened;
    return await life.remote.call(task, ...args);
  }

  /** Ends its life with no warning. */
  async kill(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life === undefined) return;
    if (!life.alive) {
      this.#complain("died by itself");
      this.#chronicle.tell(this.name, `died by itself: ${life.complaint}`);
    }
    this.kills++;
    this.#chronicle.tell(this.name, "is killed");
    await life.kill();
  }

  /** Calls for the second code of a pairing. */
  onReply(reply: (code: string) => void): void {
    this.#replies = reply;
  }

  #take(report: Report): void {
    if (report.report === "reply") this.#replies(report.code);
    else if (report.report === "error") {
      this.#complain(report.code);
      this.#chronicle.tell(this.name, `reports ${report.code}: ${report.message}`);
    } else {
      // Shown, and the place kept, in one step: as an app does that stores its cursor with what it shows.
      this.shown.push(report.number);
      this.#cursor = report.cursor;
      this.#chronicle.tell(this.name, "shows", report.number);
    }
  }

  #complain(code: string): void {
    this.complaints.set(code, (this.complaints.get(code) ?? 0) + 1);
  }
}
