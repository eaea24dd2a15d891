// A client's network in tests: the real one, or the way to relays in memory, which can be cut, can lose answers, and remembers every byte
// that left. Not a concern here: what the relay does with it.

import type { Transport } from "../../src/api.ts";
import { systemClock } from "../../src/clock.ts";
import { platformTransport } from "../../src/relay/transport.ts";
import { MemoryNetwork } from "../../src/testing/network.ts";
import type { MemoryRelay } from "../../src/testing/relay/memory-relay.ts";

/** Relays in memory, by origin: everybody in the process reaches them. */
export const memoryRelays = new Map<string, MemoryRelay>();

const wayToMemory = new MemoryNetwork({
  relay: (origin) => memoryRelays.get(origin),
  clock: systemClock,
  random: Math.random,
  moved: () => undefined,
});

/** Breaks the sockets to all relays in memory, as one does that stops. */
export function breakMemorySockets(): void {
  wayToMemory.breakSockets();
}

/** How a URL is reached: relays in memory have names that no network knows. */
function wayTo(url: string): Transport {
  return new URL(url).hostname.endsWith(".test") ? wayToMemory : platformTransport;
}

/** One client's way to relays. */
export class TestNetwork implements Transport {
  /** Nothing leaves and nothing arrives. */
  isCut = false;
  /** So many of the next answers are lost, after the relay has done what was asked. */
  loseAnswers = 0;
  /** Looks at a request before it leaves; what it gives is the relay's answer. */
  intercept: ((url: URL, init: RequestInit) => Response | undefined) | undefined;
  /** Awaited before a request leaves. */
  before: ((url: URL, init: RequestInit) => Promise<void>) | undefined;
  /** Told of each request that was answered. */
  answered: ((url: URL, init: RequestInit) => void) | undefined;
  /** Changes what arrives on sockets. */
  twist: (frame: Uint8Array) => readonly Uint8Array[] = (frame) => [frame];
  /** URLs, bodies and frames, as they left. */
  readonly sent: Uint8Array[] = [];
  readonly #sockets = new Set<WebSocket>();

  async fetch(url: string, init: RequestInit): Promise<Response> {
    this.#remember(url);
    if (init.body !== null && init.body !== undefined) this.#remember(init.body as Uint8Array);
    if (this.isCut) throw new TypeError("fetch failed");
    await this.before?.(new URL(url), init);
    const answer = this.intercept?.(new URL(url), init) ?? (await wayTo(url).fetch(url, init));
    if (this.isCut || this.loseAnswers-- > 0) throw new TypeError("connection reset");
    this.answered?.(new URL(url), init);
    return answer;
  }

  webSocket(url: string): WebSocket {
    this.#remember(url);
    const socket = wayTo(url).webSocket(this.isCut ? "ws://127.0.0.1:1" : url);
    this.#sockets.add(socket);
    socket.addEventListener("close", () => this.#sockets.delete(socket));
    return new Proxy(socket, {
      get: (target, name) => {
        if (name === "send") return (frame: Uint8Array) => (this.#remember(frame), target.send(frame as Uint8Array<ArrayBuffer>));
        if (name === "addEventListener") return (type: string, listen: (event: Event) => void) => this.#listen(target, type, listen);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    });
  }

  /** Ends every connection; until `heal` there are no new ones. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets) socket.close();
  }

  heal(): void {
    this.isCut = false;
  }

  #listen(socket: WebSocket, type: string, listen: (event: Event) => void): void {
    if (type !== "message") return socket.addEventListener(type, listen);
    socket.addEventListener("message", ({ data }) => {
      if (this.isCut) return;
      for (const frame of this.twist(new Uint8Array(data as ArrayBuffer))) {
        listen(new MessageEvent("message", { data: frame.slice().buffer }));
      }
    });
  }

  #remember(data: string | Uint8Array): void {
    this.sent.push(typeof data === "string" ? new TextEncoder().encode(data) : data.slice());
  }
}
