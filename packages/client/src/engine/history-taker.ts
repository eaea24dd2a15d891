// Takes in the rest of the history that this device was handed, part by part, in the background: a part and the mark that it is here are one
// change, so whatever stops it, it goes on where it was. Takes the state; asks the relays where it may be. Not a concern here: what a part is
// (history-parts.ts), the newest messages (account-taker.ts).

import type { Primitives, PublicKey } from "@sotto/protocol";
import type { Clock } from "../clock.ts";
import { MessengerError } from "../errors.ts";
import { later } from "../later.ts";
import { MAX_HISTORY_PART_BYTES, PUBLISH_RETRY_MS, SNAPSHOT_MESSAGES } from "../limits.ts";
import type { RelayClient } from "../relay/relay-client.ts";
import type { State } from "./state.ts";
import type { Transaction, Writer } from "./transaction.ts";
import { ifVerified } from "./verified.ts";

/** What it works on. */
export interface HistorySetting {
  readonly state: State;
  readonly writer: Writer;
  readonly primitives: Primitives;
  readonly clock: Clock;
  /** Where the parts may be. */
  relays(): readonly string[];
  relay(address: string): RelayClient;
}

/** Fetches what is left. */
export class HistoryTaker {
  readonly #setting: HistorySetting;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #cancel: () => void = () => undefined;

  constructor(setting: HistorySetting) {
    this.#setting = setting;
  }

  /** Goes on, if there is anything left; tries again later when the relay cannot be reached. */
  check(): void {
    const { state, clock } = this.#setting;
    this.#cancel();
    if (this.#stop.signal.aborted || this.#running !== undefined || state.self.history.left === null) return;
    this.#running = this.#takeAll().then(
      () => void (this.#running = undefined),
      () => {
        this.#running = undefined;
        // What was stopped while it asked leaves no call behind: it would keep the process alive.
        if (!this.#stop.signal.aborted) this.#cancel = clock.after(PUBLISH_RETRY_MS, () => this.check());
      },
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#running;
  }

  async #takeAll(): Promise<void> {
    const { state, writer, primitives: p } = this.#setting;
    const { openPart, partId } = await later.historyParts();
    const { takeBackup } = await later.taking();
    for (let { left } = state.self.history; left !== null; { left } = state.self.history) {
      const { key, next } = left;
      const blob = await this.#find(partId(p, key, next));
      await writer.change(async (tx) => {
        const items = blob === undefined ? undefined : ifVerified(() => openPart(p, key, next, blob));
        if (items !== undefined) await takeBackup(tx, items, tx.self.account as PublicKey);
        // What is lost or damaged stays so; the other parts may be whole.
        else tx.happened({ type: "error", error: new MessengerError("device/history-lost", {}) });
        partTaken(tx);
      });
    }
  }

  /** A part, wherever it is; `undefined` only when every relay has said that it has none: one that cannot be reached may have it. */
  async #find(id: Uint8Array): Promise<Uint8Array | undefined> {
    const { relays, relay } = this.#setting;
    let unreachable: unknown;
    for (const address of relays()) {
      try {
        const blob = await relay(address).getBlob(id, { maxBytes: MAX_HISTORY_PART_BYTES, signal: this.#stop.signal });
        if (blob !== undefined) return blob;
      } catch (error) {
        unreachable = error;
      }
    }
    if (unreachable !== undefined) throw unreachable;
    return undefined;
  }
}

function partTaken(tx: Transaction): void {
  const { done, total, left } = tx.self.history;
  if (left === null) return;
  const more = left.next < left.parts;
  const here = more ? Math.min(total, done + SNAPSHOT_MESSAGES) : total;
  tx.changeSelf({ history: { done: here, total, left: more ? { ...left, next: left.next + 1 } : null } });
}
