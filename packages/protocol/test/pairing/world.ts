// Two devices, the person who holds both, a relay between them, and room for somebody who interferes. Everything that happens is a pending
// event, taken in order or by chance; nothing waits and no clock runs. For tests.

import type { PairingCode, PairingEffect, PairingEvent } from "../../src/pairing/events.ts";
import type { PairingStep } from "../../src/pairing/machine.ts";
import {
  type DisplayOptions,
  type PairingOptions,
  type ScanOptions,
  startPairingDisplay,
  startPairingScan,
  stepPairing,
} from "../../src/pairing/pairing.ts";
import type { PairingState } from "../../src/pairing/state.ts";
import { type KeyPair, generateKeyPair } from "../../src/agreement/key-pair.ts";
import { ascii } from "../../src/bytes.ts";
import { nodePrimitives } from "../../src/primitives/node.ts";
import type { Primitives } from "../../src/primitives/primitives.ts";
import type { Cell } from "../../src/stream/cell.ts";
import { seededRandom } from "../support/random.ts";
import { Board } from "./board.ts";

export const START = 1_800_000_000_000;
export const RELAY = "https://relay.example";
/** What the giver hands over in every run: easy to find where it must not be. */
export const PAYLOAD = ascii("the account, all of it");

/** How a device steps: the real machine, or one with a planted weakness. */
export type Step = (p: Primitives, state: PairingState, event: PairingEvent, now: number) => PairingStep;

/** One device (or an attacker that runs our code), and everything its machine has asked for. */
export class Device {
  readonly name: string;
  readonly effects: PairingEffect[] = [];
  readonly pending: (() => PairingEvent | undefined)[] = [];
  readonly step: Step;
  state: PairingState;

  constructor(name: string, started: PairingStep, step: Step = stepPairing) {
    this.name = name;
    this.state = started.state;
    this.step = step;
  }

  all<T extends PairingEffect["type"]>(type: T): Extract<PairingEffect, { type: T }>[] {
    return this.effects.filter((effect) => effect.type === type) as Extract<PairingEffect, { type: T }>[];
  }

  /** What came out of it: every payload it gave to its driver. */
  get payloads(): Uint8Array[] {
    return this.all("payload").map((effect) => effect.bytes);
  }

  get failure(): string | undefined {
    return this.all("failed")[0]?.code;
  }

  /** What it would say if asked: the driver never sees this, the owner of an attacking device does. */
  secretCode(code: PairingCode): string | undefined {
    const digits = this.state.run.keys?.codes[code].expose();
    return digits === undefined ? undefined : String.fromCharCode(...digits);
  }

  /** The digits on its screen. */
  shown(code: PairingCode): string | undefined {
    return this.all("show-code").find((effect) => effect.code === code)?.digits;
  }
}

/** What the person types when a device asks: `undefined` for nothing. By default what the honest other screen shows. */
export type Person = (asking: Device, code: PairingCode) => string | undefined;

export class World {
  readonly p: Primitives;
  readonly board = new Board();
  readonly devices: Device[] = [];
  now = START;
  person: Person = (asking, code) => this.honest.find((device) => device !== asking)?.shown(code);
  approves: (asking: Device) => Uint8Array | undefined = () => PAYLOAD;
  /** What the relay hands to a reader for a cell that was written: itself, once. */
  relay: (cell: Cell, reader: Device) => readonly Cell[] = (cell) => [cell];
  /** Takes the next of `count` pending things: the oldest. */
  chance: (count: number) => number = () => 0;

  constructor(seed: number | string) {
    this.p = nodePrimitives(seededRandom(seed));
  }

  /** The devices that the person holds. */
  get honest(): Device[] {
    return this.devices.filter((device) => !device.name.startsWith("Mallory"));
  }

  add(device: Device, effects: readonly PairingEffect[]): Device {
    this.devices.push(device);
    for (const { tag, body } of this.board.cells) this.#deliver({ tag, body }, device);
    this.#perform(device, effects);
    return device;
  }

  display(name: string, options: Partial<DisplayOptions> & Pick<DisplayOptions, "role">, step?: Step): { device: Device; qrText: string } {
    const started = startPairingDisplay(this.p, { ...this.#defaults(name), relay: RELAY, ...options });
    return { device: this.add(new Device(name, started, step), started.effects), qrText: started.qr.text };
  }

  scan(name: string, options: Partial<ScanOptions> & Pick<ScanOptions, "role" | "qrText">, step?: Step): Device {
    const started = startPairingScan(this.p, { ...this.#defaults(name), typed: false, ...options });
    return this.add(new Device(name, started, step), started.effects);
  }

  /** Writes a cell as anybody can who has a tag. */
  write(cell: Cell): "stored" | "duplicate" | "conflict" {
    const result = this.board.append(cell);
    if (result === "stored") for (const reader of this.devices) this.#deliver(cell, reader);
    return result;
  }

  /** One event now. */
  send(device: Device, event: PairingEvent): void {
    const { state, effects } = device.step(this.p, device.state, event, this.now);
    device.state = state;
    this.#perform(device, effects);
  }

  /** Until nothing is pending anywhere. */
  settle(): void {
    for (;;) {
      const busy = this.devices.filter((device) => device.pending.length > 0);
      if (busy.length === 0) return;
      const device = busy[this.chance(busy.length)] as Device;
      const [next] = device.pending.splice(this.chance(device.pending.length), 1);
      const event = next?.();
      if (event !== undefined) this.send(device, event);
    }
  }

  /** Lets time pass for everybody. */
  pass(ms: number): void {
    this.now += ms;
    for (const device of this.devices) this.send(device, { type: "tick" });
    this.settle();
  }

  #defaults(deviceName: string): Omit<PairingOptions, "role"> {
    return { deviceName, now: this.now };
  }

  #deliver(cell: Cell, reader: Device): void {
    for (const { tag, body } of this.relay(cell, reader)) reader.pending.push(() => ({ type: "cell", tag, body }));
  }

  #perform(device: Device, effects: readonly PairingEffect[]): void {
    for (const effect of effects) {
      device.effects.push(effect);
      if (effect.type === "append") {
        const { tag, body } = effect;
        const result = this.write({ tag, body });
        device.pending.push(() => ({ type: "appended", tag, result }));
      } else if (effect.type === "ask-code") {
        device.pending.push(() => this.#typed(device, effect.code));
      } else if (effect.type === "ask-approval") {
        const payload = this.approves(device);
        if (payload !== undefined) device.pending.push(() => ({ type: "approve", payload }));
      } else if (effect.type === "payload") {
        device.pending.push(() => ({ type: "adopted" }));
      }
    }
  }

  #typed(device: Device, code: PairingCode): PairingEvent | undefined {
    const digits = this.person(device, code);
    return digits === undefined ? undefined : { type: "code", digits };
  }
}

/** Which side gives, and whether the code travels as text: all that the four combinations differ in. */
export interface Combination {
  readonly displays: "give" | "receive";
  readonly typed: boolean;
}

export const combinations: readonly Combination[] = [
  { displays: "give", typed: false },
  { displays: "give", typed: true },
  { displays: "receive", typed: false },
  { displays: "receive", typed: true },
];

export const nameOf = ({ displays, typed }: Combination): string =>
  `${displays === "give" ? "the giver displays" : "the receiver displays"}, ${typed ? "pasted" : "scanned"}`;

/** The old and the new device of one run, both begun, nothing settled. */
export interface Pair {
  readonly giver: Device;
  readonly receiver: Device;
  readonly qrText: string;
  readonly keys: KeyPair;
}

/** What may happen between the screen and the camera. */
export interface Between {
  /** After the code is displayed, before it is read. */
  readonly prepare?: (qrText: string) => void;
  /** What the camera makes of the code. */
  readonly camera?: (qrText: string) => string;
}

export function begin(world: World, { displays, typed }: Combination, { prepare, camera = (text) => text }: Between = {}): Pair {
  const keys = generateKeyPair(world.p);
  const device = { keys, registrationId: 77 };
  const gives = displays === "give";
  const shown = gives ? world.display("old phone", { role: "give" }) : world.display("new laptop", { role: "receive", device });
  prepare?.(shown.qrText);
  const qrText = camera(shown.qrText);
  const reader = gives
    ? world.scan("new laptop", { role: "receive", qrText, typed, device })
    : world.scan("old phone", { role: "give", qrText, typed });
  const [giver, receiver] = gives ? [shown.device, reader] : [reader, shown.device];
  return { giver, receiver, qrText: shown.qrText, keys };
}
