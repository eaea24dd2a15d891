// The stage of real processes: a relay process on a disk, a relay that lies in front of it, a rough line to both, and a process for each life
// of a device. Takes a folder. Not a concern here: what the processes do.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RelayProcess } from "../../relay-process.ts";
import type { Chronicle } from "../chronicle.ts";
import type { Faults, Weather } from "../faults.ts";
import type { Report } from "../program.ts";
import type { Life, Stage } from "../stage.ts";
import { systemTime } from "../time.ts";
import { DeviceProcess } from "./device-process.ts";
import { type LyingRelay, startLyingRelay } from "./lying-relay.ts";
import { type RoughWire, startRoughWire } from "./rough-wire.ts";

interface Parts {
  readonly folder: string;
  readonly faults: Faults;
  readonly chronicle: Chronicle;
  readonly relay: RelayProcess;
  readonly liar: LyingRelay;
  readonly wire: RoughWire;
}

/** The relay, the way to it, and the processes. */
export class ProcessStage implements Stage {
  readonly time = systemTime;
  readonly faults: Faults;
  readonly processesPerDevice = 3;
  kills = 0;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.faults = parts.faults;
    this.#parts = parts;
  }

  static async build(faults: Faults, chronicle: Chronicle): Promise<ProcessStage> {
    const folder = await mkdtemp(join(tmpdir(), "sotto-chaos-"));
    await mkdir(join(folder, "devices"));
    const relay = new RelayProcess(join(folder, "relay"));
    await relay.start();
    const liar = await startLyingRelay(() => relay.url, faults);
    const wire = await startRoughWire(liar.port, faults);
    return new ProcessStage({ folder, faults, chronicle, relay, liar, wire });
  }

  set weather(weather: Weather) {
    this.faults.weather = weather;
    this.#parts.chronicle.tell("network", `has weather ${weather}`);
  }

  get weather(): Weather {
    return this.faults.weather;
  }

  launch(name: string, reported: (report: Report) => void): Life {
    const { folder, wire } = this.#parts;
    return new DeviceProcess({ relay: wire.url, file: join(folder, "devices", `${name}.db`), name, reported });
  }

  async restartRelay(): Promise<void> {
    const { chronicle, relay } = this.#parts;
    this.kills++;
    chronicle.tell("relay", "is killed");
    await relay.kill();
    await relay.start();
    chronicle.tell("relay", "is back");
  }

  clearUp(): void {
    this.weather = 0;
    this.#parts.wire.cutAll();
  }

  async close(): Promise<void> {
    const { folder, relay, liar, wire } = this.#parts;
    await wire.stop();
    await liar.stop();
    await relay.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
