// Where it happens, as the play sees it: a relay that can be killed, weather, and lives of devices. There are two: real processes
// (processes/), and everything in one process by a clock that jumps (sim/).

import type { Faults, Weather } from "./faults.ts";
import type { Report } from "./program.ts";
import type { RemoteDevice } from "./remote-device.ts";
import type { Time } from "./time.ts";

/** One life of a device. */
export interface Life {
  readonly remote: RemoteDevice;
  /** Whether it has not ended by itself. */
  readonly alive: boolean;
  /** What it said when it ended by itself. */
  readonly complaint: string;
  /**
   * Ends it with no warning: now, or (`soon`, in [0, 1)) in the middle of what it is doing. Resolves when it is gone and everything that it
   * said was heard.
   */
  kill(soon?: number): Promise<void>;
}

/** One process in which all lives of a device run: the browser whose tabs they are. */
export interface Host {
  readonly device: string;
  /** How often it was killed. */
  readonly kills: number;
  /** kill -9: from this call on nothing is heard of the lives in it; resolves when it is gone. The next launch starts it again. */
  kill(): Promise<void>;
}

/** The relay, the way to it, and the devices. */
export interface Stage {
  readonly time: Time;
  /** How long everybody may take to know everything once the relay is honest, ms. */
  readonly patienceMs: number;
  /** Whether devices look over what they have read in that time: then the relay may pass over first contacts, too. */
  readonly lookedOver: boolean;
  readonly faults: Faults;
  /** The browser, if a device lives in one. */
  readonly browser: Host | undefined;
  weather: Weather;
  /** How often the relay was killed. */
  readonly kills: number;
  /** How many lives this device has at a time, at most: the processes or tabs that have its account open. */
  livesOf(device: string): number;
  /** Begins a life of the device with this name. */
  launch(name: string, reported: (report: Report) => void): Life;
  /** Kills the relay; resolves when it is up again. */
  restartRelay(): Promise<void>;
  /** No more faults, and every connection that one of them sits on is cut. */
  clearUp(): void;
  close(): Promise<void>;
}
