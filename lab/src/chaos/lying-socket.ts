// What a relay that lies makes of its own live socket: frames withheld, sent twice, swapped, passed over, damaged, mixed with garbage; another
// board claimed, expiry, an early "live", errors that are none. Takes the frames of the honest relay in order; gives those that the client gets. A lie that
// takes cells away for ever is none of these: no client can make up for it. Not a concern here: sockets.

import { BOARD_ID_BYTES, decodeLiveEvent, encodeLiveEvent, type LiveEvent, type PinnedCell } from "@sotto/wire";
import type { Faults } from "./faults.ts";

/** Where frames go, and how time passes. */
export interface Listener {
  send(frame: Uint8Array): void;
  /** Calls `run` after so many ms, unless the socket has ended. */
  later(delayMs: number, run: () => void): void;
}

const ERRORS = ["live/cursor-ahead", "live/too-slow", "live/silent", "relay/stopping", "relay/busy"] as const;

/** The frames of one live socket. */
export class LyingSocket {
  readonly #faults: Faults;
  readonly #to: Listener;
  /** Frames that are held back, in order, until the time has come; undefined when none are. */
  #held: Uint8Array[] | undefined;
  /** A frame that the next one overtakes. */
  #overtaken: Uint8Array | undefined;

  constructor(faults: Faults, to: Listener) {
    this.#faults = faults;
    this.#to = to;
  }

  /** A frame as the relay sent it. */
  pass(frame: Uint8Array): void {
    const event = decodeLiveEvent(frame);
    for (const told of this.#twist(event, frame)) this.#queue(told);
  }

  #twist(event: LiveEvent, frame: Uint8Array): readonly Uint8Array[] {
    const faults = this.#faults;
    if (faults.strikes("garbage")) return [faults.bytes(faults.between(0, 300)), frame];
    if (faults.strikes("false error")) return [encodeLiveEvent(this.#error()), frame];
    if (event.t === "subscribed") return this.#subscribed(event, frame);
    if (event.t !== "cells") return [frame];
    if (faults.strikes("twice")) return [frame, frame];
    if (faults.strikes("pass over")) return [];
    if (faults.strikes("damage")) return [encodeLiveEvent({ ...event, cells: event.cells.map((cell) => this.#damaged(cell)) })];
    if (this.#overtaken === undefined && faults.strikes("swap")) {
      this.#overtaken = frame;
      return [];
    }
    return [frame];
  }

  #subscribed(event: Extract<LiveEvent, { t: "subscribed" }>, frame: Uint8Array): readonly Uint8Array[] {
    const faults = this.#faults;
    if (faults.strikes("foreign board")) return [encodeLiveEvent({ ...event, board: faults.bytes(BOARD_ID_BYTES) })];
    if (faults.strikes("false expiry")) return [encodeLiveEvent({ ...event, expired: event.head })];
    if (faults.strikes("early live")) return [frame, encodeLiveEvent({ t: "live", id: event.id })];
    return [frame];
  }

  #damaged(cell: PinnedCell): PinnedCell {
    const place = this.#faults.between(0, cell.body.length - 1);
    return { ...cell, body: cell.body.with(place, (cell.body[place] as number) ^ 1) };
  }

  #error(): LiveEvent {
    const code = ERRORS[this.#faults.between(0, ERRORS.length - 1)] as string;
    return { t: "error", code, message: "so it says", retryAfter: 1 };
  }

  #queue(frame: Uint8Array): void {
    if (this.#held === undefined && this.#faults.strikes("withhold")) {
      this.#held = [];
      this.#to.later(this.#faults.between(100, 4_000), () => this.#release());
    }
    if (this.#held === undefined) this.#send(frame);
    else this.#held.push(frame);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const frame of held) this.#send(frame);
  }

  #send(frame: Uint8Array): void {
    this.#to.send(frame);
    const overtaken = this.#overtaken;
    this.#overtaken = undefined;
    if (overtaken !== undefined) this.#to.send(overtaken);
  }
}
