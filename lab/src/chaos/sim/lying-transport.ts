// A client's network that lies and breaks, in one process: the same lies as in front of a relay process. Takes the honest network; gives one
// that also dies with its device. Not a concern here: which lies (lying-requests.ts, lying-socket.ts).

import type { Transport } from "@sotto/client";
import type { Faults } from "../faults.ts";
import { type Answer, answerLying, type Behind, type RequestSeen } from "../lying-requests.ts";
import { LyingSocket } from "../lying-socket.ts";
import type { Time } from "../time.ts";

/** Frames after which a connection that is to be cut is cut, at most. */
const CUT_AFTER = 12;

/** One life's way to the relay. */
export class LyingTransport implements Transport {
  readonly #honest: Transport;
  readonly #faults: Faults;
  readonly #time: Time;
  readonly #sockets = new Set<WebSocket>();
  #dead = false;

  constructor(honest: Transport, faults: Faults, time: Time) {
    this.#honest = honest;
    this.#faults = faults;
    this.#time = time;
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const { origin, pathname, search } = new URL(url);
    const behind: Behind = {
      ask: async (request) => await this.#ask(origin, request),
      wait: async (delayMs) => await this.#time.sleep(delayMs),
      later: (delayMs, run) => void this.#time.sleep(delayMs).then(run),
    };
    const body = init.body === undefined || init.body === null ? undefined : (init.body as Uint8Array).slice();
    const headers = Object.fromEntries(new Headers(init.headers));
    const request: RequestSeen = { method: init.method ?? "GET", path: `${pathname}${search}`, headers, body };
    const answer = await Promise.race([answerLying(request, this.#faults, behind), givenUp(init.signal)]);
    if (answer === undefined || this.#dead) throw new TypeError("fetch failed");
    return new Response(answer.body as Uint8Array<ArrayBuffer>, { status: answer.status, headers: answer.headers });
  }

  webSocket(url: string): WebSocket {
    const socket = this.#honest.webSocket(url);
    if (this.#dead) socket.close();
    this.#sockets.add(socket);
    socket.addEventListener("close", () => this.#sockets.delete(socket));
    let left = this.#faults.strikes("cut") ? this.#faults.between(0, CUT_AFTER) : Number.POSITIVE_INFINITY;
    return new Proxy(socket, {
      get: (target, name) => {
        if (name === "addEventListener") {
          return (type: string, listen: (event: Event) => void) => {
            if (type !== "message") return target.addEventListener(type, listen);
            const lies = this.#liesOf(target, (event) => (left-- > 0 ? listen(event) : target.close()));
            target.addEventListener("message", ({ data }) => lies.pass(new Uint8Array(data as ArrayBuffer)));
          };
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    });
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.close();
  }

  /** Nothing leaves and nothing arrives any more. */
  die(): void {
    this.#dead = true;
    this.cut();
  }

  #liesOf(socket: WebSocket, listen: (event: Event) => void): LyingSocket {
    const isOpen = (): boolean => socket.readyState === 1;
    return new LyingSocket(this.#faults, {
      send: (frame) => isOpen() && listen(new MessageEvent("message", { data: frame.slice().buffer })),
      later: (delayMs, run) => void this.#time.sleep(delayMs).then(() => isOpen() && run()),
    });
  }

  async #ask(origin: string, { method, path, headers, body }: RequestSeen): Promise<Answer> {
    if (this.#dead) throw new TypeError("fetch failed");
    const response = await this.#honest.fetch(origin + path, {
      method,
      headers,
      ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> }),
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: new Uint8Array(await response.arrayBuffer()) };
  }
}

/** Rejects when the request is given up. */
function givenUp(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
}
