// Where it happens: a relay process that dies and comes back, a relay that lies in front of it, and the line to both. Takes a folder; gives an
// address for devices. Not a concern here: devices.

import { join } from "node:path";
import { RelayProcess } from "../relay-process.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Faults, Weather } from "./faults.ts";
import { type LyingRelay, startLyingRelay } from "./lying-relay.ts";
import { type RoughWire, startRoughWire } from "./rough-wire.ts";

/** The relay and the way to it. */
export class Stage {
  readonly faults: Faults;
  kills = 0;
  readonly #chronicle: Chronicle;
  readonly #relay: RelayProcess;
  readonly #liar: LyingRelay;
  readonly #wire: RoughWire;

  private constructor(parts: { faults: Faults; chronicle: Chronicle; relay: RelayProcess; liar: LyingRelay; wire: RoughWire }) {
    this.faults = parts.faults;
    this.#chronicle = parts.chronicle;
    this.#relay = parts.relay;
    this.#liar = parts.liar;
    this.#wire = parts.wire;
  }

  static async build(folder: string, faults: Faults, chronicle: Chronicle): Promise<Stage> {
    const relay = new RelayProcess(join(folder, "relay"));
    await relay.start();
    const liar = await startLyingRelay(() => relay.url, faults);
    const wire = await startRoughWire(liar.port, faults);
    return new Stage({ faults, chronicle, relay, liar, wire });
  }

  /** What devices take for the relay. */
  get url(): string {
    return this.#wire.url;
  }

  set weather(weather: Weather) {
    this.faults.weather = weather;
    this.#chronicle.tell("network", `has weather ${weather}`);
  }

  /** kill -9, and up again. */
  async restartRelay(): Promise<void> {
    this.kills++;
    this.#chronicle.tell("relay", "is killed");
    await this.#relay.kill();
    await this.#relay.start();
    this.#chronicle.tell("relay", "is back");
  }

  /** No more faults, and every connection that one of them sits on is cut. */
  clearUp(): void {
    this.weather = 0;
    this.#wire.cutAll();
  }

  async close(): Promise<void> {
    await this.#wire.stop();
    await this.#liar.stop();
    await this.#relay.kill();
  }
}
