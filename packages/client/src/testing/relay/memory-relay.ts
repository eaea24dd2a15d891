// A relay in memory: its parts together, and a record of everything that reached it. Takes requests and readers; gives answers and events.
// Not a concern here: how these travel (network.ts).

import type { Primitives } from "@sotto/protocol";
import { decodeLiveRequest, type LiveEvent, WireError } from "@sotto/wire";
import { type RelayRecord, seenFrame, seenRequest } from "../seen.ts";
import { Blobs } from "./blobs.ts";
import { Board } from "./board.ts";
import { Directory } from "./directory.ts";
import { LiveReader } from "./live-reader.ts";
import { answer, type RelayParts, type RelayRequest } from "./requests.ts";

/** What a relay in memory needs. */
export interface MemoryRelayOptions {
  readonly primitives: Primitives;
  /** The moment, ms since 1970. */
  now(): number;
  /** In [0, 1). */
  random(): number;
}

/** The relay's side of a live socket. */
export interface LiveEnd {
  /** Takes a frame; one that is none of the contract ends the socket after an event that says so. */
  take(frame: Uint8Array): void;
  close(): void;
}

/** A relay in memory. */
export class MemoryRelay implements RelayParts {
  readonly board: Board;
  readonly directory: Directory;
  readonly blobs = new Blobs();
  /** Everything that reached it, in order. */
  readonly seen: RelayRecord[] = [];
  readonly #now: () => number;

  constructor({ primitives, now, random }: MemoryRelayOptions) {
    this.#now = now;
    this.board = new Board(primitives.randomBytes(16), now);
    this.directory = new Directory(primitives, now, random);
  }

  /** The answer to a request. */
  answer(request: RelayRequest): Response {
    this.seen.push(...seenRequest(this.#now(), request));
    return answer(this, request);
  }

  /**
   * A reader connects.
   * @param say told each event, in order
   * @param end called when the relay ends the socket
   */
  connect(say: (event: LiveEvent) => void, end: () => void): LiveEnd {
    const reader = new LiveReader(this.board, say);
    return {
      take: (frame) => {
        try {
          const request = decodeLiveRequest(frame);
          this.seen.push(seenFrame(this.#now(), request, frame));
          reader.take(request);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
          reader.close();
          say({ t: "error", code: error.code, message: error.message });
          end();
        }
      },
      close: () => reader.close(),
    };
  }
}
