// What is due by the clock: receipts that nothing carried, sessions to mend and to heal, prekeys and lists to renew, invites that have ended.
// Takes a clock; changes the account when a time has come. Not a concern here: what else these do.

import type { Clock } from "../clock.ts";
import { healingDue, healWhereDue } from "./healing.ts";
import { unwatchInvite } from "./lanes.ts";
import { ownBundle } from "./own-prekeys.ts";
import { BOARD_KEEPS_MS, UPKEEP_MS } from "../limits.ts";
import { forgetLeftRelays } from "./relay-moves.ts";
import { refreshList } from "./list-refresh.ts";
import { forgetFormerKeys } from "./request-keys.ts";
import { sendDueReceipts } from "./receipts.ts";
import { askWhereDue } from "./repair.ts";
import { answerWhereDue } from "./restarts.ts";
import type { State } from "./state.ts";
import type { Transaction, Writer } from "./transaction.ts";

/** Wakes up when something is due. */
export class Upkeep {
  readonly #state: State;
  readonly #writer: Writer;
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(state: State, writer: Writer, clock: Clock) {
    this.#state = state;
    this.#writer = writer;
    this.#clock = clock;
  }

  /** Sets the alarm for what is due next, not before `least` (ms) have gone by. */
  schedule(least = 0): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#stopped) return;
    const now = this.#clock.now();
    const { receipts, repairs, healing } = this.#state;
    let due = now + UPKEEP_MS;
    for (const owed of receipts.values()) due = Math.min(due, owed.due);
    for (const step of healing.values()) due = Math.min(due, healingDue(step) ?? due);
    for (const { askDue, asked } of repairs.values()) due = Math.min(due, askDue ?? due, asked?.due ?? due);
    this.#cancel = this.#clock.after(Math.max(least, due - now), () => void this.#run().finally(() => this.schedule(RETRY_MS)));
  }

  /** What is to be done each time that everything on a board has been read; `all`: and on every other one. */
  async caughtUp(tx: Transaction, all: boolean): Promise<void> {
    closeInvites(tx, all ? tx.now : tx.now - BOARD_KEEPS_MS);
    for (const step of STEPS) await step(tx);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Each step alone: one that fails keeps none of the others from being done. */
  async #run(): Promise<void> {
    for (const step of STEPS) await this.#writer.change(step).catch(() => undefined);
  }
}

/** A step that failed is not tried again at once, ms. */
const RETRY_MS = 1_000;

/** What may be due, in this order. */
const STEPS: readonly ((tx: Transaction) => void | Promise<void>)[] = [sendDueReceipts, askWhereDue, answerWhereDue, healWhereDue, renew];

/**
 * Closes invites that ended before a time. Only when everything on every board has been read: a claim that was pinned in time counts even if
 * this device was away. A board that cannot be reached is waited for no longer than it would keep the claim.
 */
function closeInvites(tx: Transaction, before: number): void {
  for (const invite of [...tx.invites.values()]) {
    if (invite.expires > before) continue;
    unwatchInvite(tx, invite);
    tx.invites.delete(invite.id);
  }
}

/** What grows old: prekeys, request keys that were renewed, the device list, relays that were left. */
async function renew(tx: Transaction): Promise<void> {
  ownBundle(tx);
  forgetFormerKeys(tx);
  await refreshList(tx);
  forgetLeftRelays(tx);
}
