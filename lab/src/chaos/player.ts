// A device over all its lives: started, killed at any moment, started again with the cursor of the last thing that it has shown. Keeps account
// of what it has shown and complained of. Takes a stage to live on; gives calls. Not a concern here: what it is asked to do.

import type { Chronicle } from "./chronicle.ts";
import type { Tasks } from "./lines.ts";
import type { Report } from "./program.ts";
import { CallError } from "./remote-device.ts";
import type { Life, Stage } from "./stage.ts";

/** A device with a memory of what it said. */
export class Player {
  readonly name: string;
  readonly person: string;
  /** Where its account is kept: several players with one device are processes that have the same account open. */
  readonly device: string;
  /** Numbers of the messages that it has shown, in the order of showing. */
  readonly shown: number[] = [];
  /** What went wrong inside: error codes, and how often. */
  readonly complaints = new Map<string, number>();
  kills = 0;
  readonly #stage: Stage;
  readonly #chronicle: Chronicle;
  #life: Life | undefined;
  #opened: Promise<unknown> | undefined;
  #cursor = "start";
  #replies: (code: string) => void = () => undefined;

  /** @param suffix tells another process of the same device apart */
  constructor(person: string, number: number, stage: Stage, chronicle: Chronicle, suffix = "") {
    this.device = `${person}${number}`;
    this.name = `${this.device}${suffix}`;
    this.person = person;
    this.#stage = stage;
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
      await this.#stage.time.sleep(50);
    }
  }

  /** Starts it, with no account opened. */
  start(): void {
    this.#opened = undefined;
    this.#life = this.#stage.launch(this.device, (report) => this.#take(report));
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

  /** Ends its life with no warning; `soon`, in [0, 1): in the middle of what it is doing. */
  async kill(soon?: number): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life === undefined) return;
    if (!life.alive) {
      this.#complain("died by itself");
      this.#chronicle.tell(this.name, `died by itself: ${life.complaint}`);
    }
    this.kills++;
    await life.kill(soon);
    this.#chronicle.tell(this.name, "is killed");
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
