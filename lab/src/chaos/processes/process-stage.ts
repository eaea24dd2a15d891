// The stage of real processes: a relay process on a disk, a relay that lies in front of it, a rough line to both, and a process for each life
// of a device; one device lives in the tabs of a browser. Not a concern here: what the processes do.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RelayProcess } from "../../../../e2e/src/relay-process.ts";
import { TabbedBrowser } from "../browser/tabbed-browser.ts";
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
  readonly browser: TabbedBrowser | undefined;
}

/** The device that several processes have open at a time, and how many. */
const SHARED = { device: "Alice1", processes: 3 } as const;
/** The device that lives in a browser, and its tabs. */
const TABBED = { device: "Carol2", tabs: 5 } as const;

/** The relay, the way to it, and the processes. */
export class ProcessStage implements Stage {
  readonly time = systemTime;
  readonly patienceMs = 90_000;
  readonly lookedOver = false;
  readonly faults: Faults;
  readonly browser: TabbedBrowser | undefined;
  kills = 0;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.faults = parts.faults;
    this.browser = parts.browser;
    this.#parts = parts;
  }

  /** @param tabs whether one device lives in Chromium */
  static async build(faults: Faults, chronicle: Chronicle, tabs: boolean): Promise<ProcessStage> {
    const folder = await mkdtemp(join(tmpdir(), "sotto-chaos-"));
    await mkdir(join(folder, "devices"));
    const relay = new RelayProcess({ dataDir: join(folder, "relay") });
    await relay.start();
    const liar = await startLyingRelay(() => relay.url, faults);
    const wire = await startRoughWire(liar.port, faults);
    const place = { device: TABBED.device, profile: join(folder, "profile"), relay: wire.url, faults };
    const browser = tabs ? await TabbedBrowser.build(place) : undefined;
    return new ProcessStage({ folder, faults, chronicle, relay, liar, wire, browser });
  }

  set weather(weather: Weather) {
    this.faults.weather = weather;
    this.#parts.chronicle.tell("network", `has weather ${weather}`);
  }

  get weather(): Weather {
    return this.faults.weather;
  }

  livesOf(device: string): number {
    if (device === SHARED.device) return SHARED.processes;
    return device === this.browser?.device ? TABBED.tabs : 1;
  }

  launch(name: string, reported: (report: Report) => void): Life {
    const { folder, wire, browser } = this.#parts;
    if (browser?.device === name) return browser.launch(reported);
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
    const { folder, relay, liar, wire, browser } = this.#parts;
    await browser?.close();
    await wire.stop();
    await liar.stop();
    await relay.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
