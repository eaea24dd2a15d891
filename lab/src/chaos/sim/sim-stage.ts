// The stage in one process: the test relay on its own clock, lies on each client's way to it, and lives that die at a write. The same seed does
// the same, byte for byte. Takes a seed; gives lives. Not a concern here: real disks and processes (processes/).

import { memory } from "@sotto/client";
import { createTestRelay, type TestRelay } from "@sotto/client/testing";
import { Chronicle } from "../chronicle.ts";
import type { Faults, Weather } from "../faults.ts";
import { obey } from "../lines.ts";
import { DeviceProgram, type Report } from "../program.ts";
import { RemoteDevice } from "../remote-device.ts";
import type { Life, Stage } from "../stage.ts";
import { DyingStorage } from "./dying-storage.ts";
import { LyingTransport } from "./lying-transport.ts";
import { SimTime } from "./sim-time.ts";

/** How long a killed relay is away, ms. */
const RELAY_AWAY_MS = 700;
/** Writes until a device that is killed soon is dead, at most, and ms until it is dead anyway. */
const [SOON_WRITES, SOON_MS] = [5, 3_000];

/** The relay and the lives. */
export class SimStage implements Stage {
  readonly faults: Faults;
  readonly time: SimTime;
  /** Three looks at what was read, half an hour apart. */
  readonly patienceMs = 100 * 60 * 1000;
  readonly lookedOver = true;
  readonly browser = undefined;
  kills = 0;
  readonly chronicle: Chronicle;
  readonly #relay: TestRelay;
  readonly #disks = new Map<string, ReturnType<typeof memory>>();
  readonly #ways = new Set<LyingTransport>();

  constructor(seed: number, faults: Faults) {
    this.faults = faults;
    this.#relay = createTestRelay({ random: seed });
    this.time = new SimTime((ms) => this.#relay.advance(ms));
    this.chronicle = new Chronicle(this.time);
  }

  set weather(weather: Weather) {
    this.faults.weather = weather;
    this.chronicle.tell("network", `has weather ${weather}`);
  }

  get weather(): Weather {
    return this.faults.weather;
  }

  livesOf(): number {
    return 1;
  }

  launch(name: string, reported: (report: Report) => void): Life {
    const disk = this.#disks.get(name) ?? memory();
    const way = new LyingTransport(this.#relay.transport, this.faults, this.time);
    this.#ways.add(way);
    const life = new SimLife({
      disk,
      way,
      relay: this.#relay,
      name,
      time: this.time,
      reported,
      died: (left) => {
        this.#disks.set(name, left);
        this.#ways.delete(way);
      },
    });
    this.#disks.set(name, disk);
    return life;
  }

  async restartRelay(): Promise<void> {
    this.kills++;
    this.chronicle.tell("relay", "is killed");
    this.#relay.fault({ offline: true });
    await this.time.sleep(RELAY_AWAY_MS);
    this.#relay.fault({ offline: false });
    this.chronicle.tell("relay", "is back");
  }

  clearUp(): void {
    this.weather = 0;
    for (const way of this.#ways) way.cut();
  }

  async close(): Promise<void> {
    await this.#relay.close();
  }
}

interface LifeParts {
  readonly disk: ReturnType<typeof memory>;
  readonly way: LyingTransport;
  readonly relay: TestRelay;
  readonly name: string;
  readonly time: SimTime;
  reported(report: Report): void;
  died(left: ReturnType<typeof memory>): void;
}

/** A device that lives in this process. */
class SimLife implements Life {
  readonly remote: RemoteDevice;
  readonly alive = true;
  readonly complaint = "";
  readonly #parts: LifeParts;
  readonly #storage: DyingStorage;
  readonly #gone = Promise.withResolvers<void>();
  #dead = false;

  constructor(parts: LifeParts) {
    const { disk, way, relay, name, time, reported } = parts;
    this.#parts = parts;
    this.#storage = new DyingStorage(disk, () => this.#die());
    const timeLimit = (ms: number): AbortSignal => {
      const limit = new AbortController();
      void time.sleep(ms).then(() => limit.abort());
      return limit.signal;
    };
    const options = { relay: relay.url, transport: way, storage: this.#storage, deviceName: name };
    const program = new DeviceProgram(relay.sdk, options, timeLimit, (report) => this.#dead || reported(report));
    this.remote = new RemoteDevice(
      (line) => void obey(program, line, (answer) => this.#dead || this.remote.take(answer)),
      () => undefined,
    );
  }

  async kill(soon?: number): Promise<void> {
    if (soon === undefined) this.#die();
    else {
      this.#storage.doom(Math.floor(soon * SOON_WRITES), (soon * SOON_WRITES) % 1 < 0.5);
      void this.#parts.time.sleep(SOON_MS).then(() => this.#die());
    }
    await this.#gone.promise;
  }

  #die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#parts.way.die();
    this.#parts.died(this.#storage.die());
    this.remote.end();
    this.#gone.resolve();
  }
}
