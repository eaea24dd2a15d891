// What happens, chosen by a seed: people write, read and rename on any of their devices; devices are killed, in the middle of a send too, and
// come back; the relay is killed; the weather changes; phases are quiet. Takes cast and stage; gives everything that was sent. Not a concern
// here: what should have come of it (verdict.ts).

import { type Cast, conversationOf } from "./cast.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Weather } from "./faults.ts";
import type { Player } from "./player.ts";
import { STRANGER } from "./program.ts";
import type { CallError } from "./remote-device.ts";
import type { Host, Stage } from "./stage.ts";
import type { Send } from "./verdict.ts";

/** Out of a hundred steps, how many are what. */
const STEPS = { write: 66, read: 7, rename: 4, sync: 4, kill: 7, "kill while writing": 7, "kill the relay": 1, weather: 4 } as const;
/** Between two steps, ms; a quiet phase now and then. */
const PAUSE_MS = { most: 200, quiet: 3_000 } as const;
/** How long a killed device is away, ms. */
const AWAY_MS = 4_000;
/** How often the whole browser is killed where one of its tabs would be. */
const WHOLE_BROWSER = 0.2;
const WEATHERS: readonly Weather[] = [0, 0.3, 1, 1, 1];
/** Failures that say nothing against anybody. */
const EXCUSED = new Set(["died", STRANGER, "aborted", "relay/unreachable", "relay/busy", "relay/rate-limited", "relay/misbehaving"]);
/** Meetings and links begin within this part of the time. */
const ERRANDS_WITHIN = 0.4;

/** A life of the cast, and what is known of it. */
export class Schedule {
  readonly sends: Send[] = [];
  readonly #cast: Cast;
  readonly #stage: Stage;
  readonly #chronicle: Chronicle;
  readonly #random: () => number;
  /** What still runs: sends that wait for an answer, devices that come back. */
  readonly #running = new Set<Promise<void>>();
  /** What has to be done once and was not begun. */
  readonly #errands: (() => Promise<void>)[];
  #failure: unknown;

  constructor(cast: Cast, stage: Stage, chronicle: Chronicle, random: () => number) {
    this.#cast = cast;
    this.#errands = [...cast.errands];
    this.#stage = stage;
    this.#chronicle = chronicle;
    this.#random = random;
  }

  /** Lives for so many ms, the first time with meetings and links; at the end every device runs and every answer has come. */
  async live(forMs: number): Promise<void> {
    const { time } = this.#stage;
    this.#stage.weather = 0.3;
    for (const errand of this.#errands.splice(0)) {
      const at = this.#random() * forMs * ERRANDS_WITHIN;
      this.#background(time.sleep(at).then(errand));
    }
    const { browser } = this.#stage;
    if (browser !== undefined) {
      // In a short life chance alone would seldom come to it.
      const at = (ERRANDS_WITHIN + this.#random() * (1 - ERRANDS_WITHIN)) * forMs;
      this.#background(time.sleep(at).then(() => this.#killBrowser(browser)));
    }
    for (const end = time.now() + forMs; time.now() < end && this.#failure === undefined;) {
      await this.#step();
      await time.sleep(this.#random() * (this.#random() < 0.02 ? PAUSE_MS.quiet : PAUSE_MS.most));
    }
    await this.#settled();
  }

  /** Everybody writes once more from each device to everybody: a gap shows when something comes after it. */
  async farewell(): Promise<void> {
    for (const player of this.#cast.players) {
      for (const other of this.#cast.accounts.keys()) await this.#write(player, other);
    }
  }

  /** Resolves when nothing is under way any more. */
  async #settled(): Promise<void> {
    while (this.#running.size > 0 && this.#failure === undefined) await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #step(): Promise<void> {
    const player = this.#one(this.#cast.players);
    switch (this.#kind()) {
      case "write":
        return void this.#background(this.#write(player));
      case "read":
        return void this.#background(this.#ask(player.call("markRead", this.#someone())));
      case "rename":
        return void this.#background(this.#rename(player));
      case "sync":
        return void this.#background(this.#ask(player.call("sync", 10_000)));
      case "kill":
        return await this.#kill(player);
      case "kill while writing":
        this.#background(this.#write(player));
        return await this.#kill(player, this.#random());
      case "kill the relay":
        return await this.#stage.restartRelay();
      case "weather":
        this.#stage.weather = this.#one(WEATHERS);
    }
  }

  async #write(player: Player, other = this.#one([...this.#cast.accounts.keys()])): Promise<void> {
    if (!player.running) return;
    const conversation = conversationOf(player.person, other);
    const number = this.sends.length;
    const send = { number, conversation, device: player.name };
    this.sends.push({ ...send, promised: false });
    this.#chronicle.tell(player.name, `writes to ${conversation}`, number);
    try {
      await player.call("send", this.#cast.accounts.get(other) as string, number);
      this.sends[number] = { ...send, promised: true };
      this.#chronicle.tell(player.name, "promises", number);
    } catch (error) {
      this.#chronicle.tell(player.name, `does not promise (${(error as CallError).code})`, number);
    }
  }

  async #rename(player: Player): Promise<void> {
    const name = `Name ${this.sends.length}`;
    const done = this.#random() < 0.5 ? player.call("rename", this.#someone(), name) : player.call("callMe", name);
    await this.#ask(done);
  }

  async #kill(player: Player, soon?: number): Promise<void> {
    if (!player.running) return;
    const { browser } = this.#stage;
    if (player.device === browser?.device && this.#random() < WHOLE_BROWSER) return await this.#killBrowser(browser);
    await player.kill(soon);
    this.#background(this.#comeBack(player));
  }

  /** All tabs that there are die at once. */
  async #killBrowser(browser: Host): Promise<void> {
    const tabs = this.#cast.players.filter(({ device, running }) => device === browser.device && running);
    this.#chronicle.tell(browser.device, "loses its browser");
    await Promise.all([browser.kill(), ...tabs.map((tab) => tab.kill())]);
    for (const tab of tabs) this.#background(this.#comeBack(tab));
  }

  async #comeBack(player: Player): Promise<void> {
    await this.#stage.time.sleep(this.#random() * AWAY_MS);
    await this.#ask(player.reopen());
  }

  /** A call that a death may cut off, or that is too early; any other failure ends the run. */
  async #ask(call: Promise<unknown>): Promise<void> {
    await call.catch((error: CallError) => {
      if (!EXCUSED.has(error.code)) throw error;
    });
  }

  #background(work: Promise<void>): void {
    const running = work.then(
      () => void this.#running.delete(running),
      (error: unknown) => {
        this.#running.delete(running);
        this.#failure ??= error;
      },
    );
    this.#running.add(running);
  }

  #kind(): keyof typeof STEPS {
    let dice = this.#random() * 100;
    for (const [kind, share] of Object.entries(STEPS)) if ((dice -= share) < 0) return kind as keyof typeof STEPS;
    return "write";
  }

  /** Somebody's account id. */
  #someone(): string {
    return this.#one([...this.#cast.accounts.values()]);
  }

  #one<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T;
  }
}
