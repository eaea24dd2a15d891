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

/** The relay, the way to it, and the devices. */
export interface Stage {
  readonly time: Time;
  readonly faults: Faults;
  /** Processes that have one device's account open at a time, at most. */
  readonly processesPerDevice: number;
  weather: Weather;
  /** How often the relay was killed. */
  readonly kills: number;
  /** Begins a life of the device with this name: one of several at a time, if it has several processes. */
  launch(name: string, reported: (report: Report) => void): Life;
  /** Kills the relay; resolves when it is up again. */
  restartRelay(): Promise<void>;
  /** No more faults, and every connection that one of them sits on is cut. */
  clearUp(): void;
  close(): Promise<void>;
}
