// The side of a pairing that is new, on whichever side of the camera. Takes a run that has begun, or first one that displays and then one
// that scans; gives the codes and states to show, and what was handed over once `take` has stored it. Not a concern here: what that is.

import type { PairingPhase, PairingStep } from "@sotto/protocol";
import type { JoinState, Live } from "../api.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { LiveValue } from "../live.ts";
import { type PairingContext, PairingDriver, type PairingEnd, type PairingListener, type PairingNotice } from "./pairing-driver.ts";
import { show } from "./show.ts";

const states: Readonly<Partial<Record<PairingPhase, JoinState>>> = {
  waiting: "waiting",
  answered: "scanned",
  claiming: "scanned",
  claimed: "scanned",
  showing: "confirm",
  replying: "reply",
  adopting: "copying",
  acknowledging: "copying",
  done: "done",
};

/** The receiving side; `T` is what `take` makes of the payload. */
export class ReceiveRun<T> {
  /** Six digits to show here; rejects when the run ends before. */
  readonly checkCode: Promise<string>;
  /** What was handed over, once it is stored and the run is over; rejects when nothing was. */
  readonly result: Promise<T>;
  readonly #checkCode = Promise.withResolvers<string>();
  readonly #result = Promise.withResolvers<T>();
  readonly #state = new LiveValue<JoinState>("waiting");
  readonly #context: PairingContext;
  readonly #take: (payload: Uint8Array) => Promise<T>;
  readonly #signal: AbortSignal | undefined;
  #driver: PairingDriver | undefined;
  /** The run that counts: a displayed code is given up for one that was read. */
  #current: PairingListener | undefined;
  #taking: Promise<T> | undefined;
  #error: MessengerError | undefined;

  constructor(context: PairingContext, take: (payload: Uint8Array) => Promise<T>, signal?: AbortSignal) {
    this.#context = context;
    this.#take = take;
    this.#signal = signal;
    this.checkCode = this.#checkCode.promise;
    this.result = this.#result.promise;
    // Whoever waits for neither sees the state.
    this.checkCode.catch(() => undefined);
    this.result.catch(() => undefined);
  }

  get state(): Live<JoinState> {
    return this.#state;
  }

  /** Begins, in place of a displayed code that nobody has taken up. Fails with `relay/unreachable`, `aborted`, `argument/invalid`. */
  async begin(step: PairingStep): Promise<void> {
    const previous = this.#driver;
    if (previous !== undefined && previous.state.phase !== "waiting") {
      throw new MessengerError("argument/invalid", { reason: "this pairing is under way or over; begin a new one" });
    }
    const given = this.#current;
    const listener: PairingListener = {
      notice: (notice) => listener === this.#current && this.#notice(notice),
      state: ({ phase }) => listener === this.#current && show(this.#state, states[phase] ?? this.#state.get()),
      ended: (end) => listener === this.#current && this.#end(end),
    };
    this.#current = listener;
    try {
      this.#driver = await PairingDriver.start(this.#context, step, listener, this.#signal);
      previous?.cancel();
    } catch (error) {
      this.#current = given;
      throw asMessengerError(error);
    }
  }

  /** The second code, typed here in state "reply". One try: `device/code-mismatch` ends the run on both sides. */
  async confirm(code: string): Promise<void> {
    if (this.#driver?.state.phase !== "replying") {
      throw this.#error ?? new MessengerError("argument/invalid", { reason: "this pairing does not ask for a code" });
    }
    this.#driver.tell({ type: "code", digits: code });
    if (this.#error !== undefined) throw this.#error;
  }

  /** Ends it. */
  cancel(): void {
    this.#driver?.cancel();
  }

  #notice(notice: PairingNotice): void {
    if (notice.type === "show-code") this.#checkCode.resolve(notice.digits);
    if (notice.type === "payload") this.#store(notice.bytes);
  }

  #store(payload: Uint8Array): void {
    this.#taking = this.#take(payload);
    this.#taking.then(
      () => this.#driver?.state.phase === "adopting" && this.#driver.tell({ type: "adopted" }),
      (error: unknown) => this.#driver?.cancel(asMessengerError(error)),
    );
  }

  /** What was taken counts, whatever became of the acknowledgement: it is stored. */
  #end({ error }: PairingEnd): void {
    this.#error = error;
    const nothing = error ?? new MessengerError("internal", {});
    this.#checkCode.reject(nothing);
    if (this.#taking === undefined) return this.#fail(nothing);
    this.#taking.then(
      (value) => this.#succeed(value),
      (reason: unknown) => this.#fail(asMessengerError(reason)),
    );
  }

  #succeed(value: T): void {
    show(this.#state, "done");
    this.#result.resolve(value);
  }

  #fail(error: MessengerError): void {
    const state = MessengerError.is(error, "device/denied") ? "denied" : MessengerError.is(error, "device/expired") ? "expired" : "failed";
    show(this.#state, state);
    this.#result.reject(error);
  }
}
