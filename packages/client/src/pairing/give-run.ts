// The side of a pairing that hands something over, on whichever side of the camera. Takes a run that has begun; gives who asks, and takes
// the person's code and what to hand over. Not a concern here: what that is.

import type { PairingPeer, PairingStep } from "@sotto/protocol";
import type { Live } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { LiveValue } from "../live.ts";
import { type PairingContext, PairingDriver, type PairingEnd, type PairingNotice } from "./pairing-driver.ts";
import { show } from "./show.ts";

/** Somebody who asks, and until when the person has time to answer. */
export interface Asking {
  readonly peer: PairingPeer;
  readonly expires: Date;
}

/** The run, and who is not given anything. */
export interface GiveOptions {
  readonly step: PairingStep;
  /** Why this peer cannot be given anything, for people; `undefined` when it can. */
  readonly refuse: (peer: PairingPeer) => string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One run of the giving side. */
export class GiveRun {
  /** Resolves when the other side is there and its code is expected; rejects when the run ends before. */
  readonly asking: Promise<Asking>;
  readonly #asking = Promise.withResolvers<Asking>();
  /** Resolves when the other side has acknowledged; rejects when the run ends before. */
  readonly delivered: Promise<void>;
  readonly #delivered = Promise.withResolvers<void>();
  readonly #replyCode = new LiveValue<string | undefined>(undefined);
  #driver: PairingDriver | undefined;
  #peer: PairingPeer | undefined;
  #error: MessengerError | undefined;
  #handing = false;

  private constructor() {
    this.asking = this.#asking.promise;
    this.delivered = this.#delivered.promise;
    // Whoever waits for neither is told by what they do wait for.
    this.asking.catch(() => undefined);
    this.delivered.catch(() => undefined);
  }

  /** Begins. Fails with `relay/unreachable`, `aborted`. */
  static async start(context: PairingContext, { step, refuse, signal }: GiveOptions): Promise<GiveRun> {
    const run = new GiveRun();
    const listener = {
      notice: (notice: PairingNotice) => run.#notice(notice, refuse),
      state: () => undefined,
      ended: (end: PairingEnd) => run.#end(end),
    };
    run.#driver = await PairingDriver.start(context, step, listener, signal);
    return run;
  }

  /** The six digits to type on the other device if it asks for them; set once its own code was right. */
  get replyCode(): Live<string | undefined> {
    return this.#replyCode;
  }

  /**
   * The code that the other device shows, typed here (one try: `device/code-mismatch` ends the run on both sides), then what to hand over.
   * Resolves when it has arrived. When `payload` fails, the same call can be made again.
   */
  async approve(code: string, payload: () => Promise<Uint8Array>): Promise<void> {
    const driver = this.#driver as PairingDriver;
    if (this.#handing) throw new MessengerError("argument/invalid", { reason: "this pairing was approved already" });
    this.#handing = true;
    try {
      if (driver.state.phase === "comparing") driver.tell({ type: "code", digits: code });
      this.#mustGoOn();
      const bytes = await payload();
      this.#mustGoOn();
      driver.tell({ type: "approve", payload: bytes });
    } finally {
      this.#handing = false;
    }
    await this.delivered;
  }

  /** The person says no: the run ends on both sides. */
  deny(): void {
    this.#driver?.cancel();
  }

  #mustGoOn(): void {
    if (this.#error !== undefined) throw this.#error;
    if (this.#driver?.state.phase === "approving") return;
    throw new MessengerError("argument/invalid", { reason: "this pairing does not wait for an approval" });
  }

  #notice(notice: PairingNotice, refuse: GiveOptions["refuse"]): void {
    switch (notice.type) {
      case "peer": {
        this.#peer = notice.info;
        const reason = refuse(notice.info);
        // Not from inside a step of the machine.
        if (reason !== undefined) queueMicrotask(() => this.#driver?.cancel(new MessengerError("device/pairing-failed", { reason })));
        return;
      }
      case "ask-code":
        if (this.#peer === undefined || refuse(this.#peer) !== undefined) return;
        return this.#asking.resolve({ peer: this.#peer, expires: new Date(this.#driver?.state.expires ?? 0) });
      case "show-code":
        return show(this.#replyCode, notice.digits);
      default:
        return undefined;
    }
  }

  #end({ error }: PairingEnd): void {
    if (error === undefined) return this.#delivered.resolve();
    this.#error = error;
    this.#asking.reject(error);
    this.#delivered.reject(error);
  }
}
