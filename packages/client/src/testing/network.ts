// One client's way to test relays: a `Transport` that loses, delays, repeats and breaks as it is told, all on a virtual clock. Takes relays
// by their origin; gives requests and sockets. Not a concern here: what the relays do; which faults there are (faults.ts).

import { encodeLiveEvent } from "@sotto/wire";
import type { Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { changedFaults, type Faults, NO_FAULTS, OVERTAKEN_MS } from "./faults.ts";
import type { LiveEnd, MemoryRelay } from "./relay/memory-relay.ts";
import { TestSocket } from "./test-socket.ts";

/** What a network needs of its surroundings. */
export interface NetworkSetting {
  /** The relay at an origin (`https://relay.test`), if there is one. */
  relay(origin: string): MemoryRelay | undefined;
  readonly clock: Clock;
  /** In [0, 1): decides which requests meet a fault. */
  random(): number;
  /** Told each time that something moves. */
  moved(): void;
}

/** A network. */
export class MemoryNetwork implements Transport {
  readonly #setting: NetworkSetting;
  readonly #sockets = new Set<TestSocket>();
  #faults = NO_FAULTS;

  constructor(setting: NetworkSetting) {
    this.#setting = setting;
  }

  /** Changes the faults that are named; the others stay. `argument/invalid`. */
  fault(change: Partial<Faults>): void {
    this.#faults = changedFaults(this.#faults, change);
    if (this.#faults.offline) this.breakSockets();
  }

  /** Breaks every socket; new ones are not hindered. */
  breakSockets(): void {
    for (const socket of [...this.#sockets]) socket.drop();
  }

  async fetch(url: string, { method = "GET", headers, body, signal }: RequestInit): Promise<Response> {
    const { origin, pathname, search } = new URL(url);
    const request = { method, path: `${pathname}${search}`, headers: new Headers(headers), body: bytesOf(body) };
    await this.#way(signal);
    const relay = this.#setting.relay(origin);
    if (relay === undefined) throw new TypeError("fetch failed");
    if (this.#happens(this.#faults.duplicate)) relay.answer(request);
    const answer = relay.answer(request);
    await this.#way(signal);
    return answer;
  }

  webSocket(url: string): WebSocket {
    const { protocol, host } = new URL(url);
    const relay = this.#setting.relay(`${protocol === "wss:" ? "https:" : "http:"}//${host}`);
    const [there, back] = [new Line(this.#setting), new Line(this.#setting)];
    let end: LiveEnd | undefined;
    const socket = new TestSocket({
      sent: (frame) => this.#carry(there, socket, () => end?.take(frame)),
      closed: () => {
        end?.close();
        this.#sockets.delete(socket);
      },
    });
    this.#sockets.add(socket);
    there.carry(this.#faults.delay, () => {
      if (relay === undefined || this.#faults.offline) return socket.drop();
      end = relay.connect(
        (event) => this.#carry(back, socket, () => socket.deliver(encodeLiveEvent(event))),
        () => back.carry(this.#faults.delay, () => socket.drop()),
      );
      back.carry(this.#faults.delay, () => socket.open());
    });
    return socket as unknown as WebSocket;
  }

  /** One way of a frame. */
  #carry(line: Line, socket: TestSocket, arrive: () => void): void {
    if (this.#happens(this.#faults.drop)) socket.drop();
    else line.carry(this.#faults.delay, arrive);
  }

  /** One way of a request or an answer. */
  async #way(signal: AbortSignal | null | undefined): Promise<void> {
    const { drop, delay, reorder, offline } = this.#faults;
    const { clock, moved, random } = this.#setting;
    signal?.throwIfAborted();
    if (offline) throw new TypeError("fetch failed");
    if (this.#happens(drop)) await silence(signal);
    const wait = delay + (this.#happens(reorder) ? Math.ceil(random() * OVERTAKEN_MS) : 0);
    if (wait > 0) await Promise.race([new Promise<void>((resolve) => void clock.after(wait, resolve)), silence(signal)]);
    if (this.#faults.offline) throw new TypeError("fetch failed");
    moved();
  }

  #happens(chance: number): boolean {
    return chance > 0 && this.#setting.random() < chance;
  }
}

/** One direction of a socket: what is carried arrives in order. */
class Line {
  readonly #setting: Pick<NetworkSetting, "clock" | "moved">;
  /** When the last piece arrives, and how many are under way by the clock. */
  #last = 0;
  #underWay = 0;

  constructor(setting: Pick<NetworkSetting, "clock" | "moved">) {
    this.#setting = setting;
  }

  carry(delayMs: number, arrive: () => void): void {
    const { clock, moved } = this.#setting;
    moved();
    if (delayMs === 0 && this.#underWay === 0) return queueMicrotask(arrive);
    this.#last = Math.max(this.#last, clock.now() + delayMs);
    this.#underWay++;
    clock.after(this.#last - clock.now(), () => {
      this.#underWay--;
      moved();
      arrive();
    });
  }
}

/** Rejects when the request is given up. */
function silence(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
}

function bytesOf(body: RequestInit["body"]): Uint8Array {
  return body === undefined || body === null ? new Uint8Array() : (body as Uint8Array).slice();
}
