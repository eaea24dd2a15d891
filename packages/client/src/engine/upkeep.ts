// What is due by the clock: receipts that nothing carried, prekeys and lists to renew, invites that have ended. Takes a clock; changes the
// account when a time has come. Not a concern here: what else these do.

import type { Clock } from "../clock.ts";
import { unwatchInvite } from "./lanes.ts";
import { ownBundle } from "./own-prekeys.ts";
import { UPKEEP_MS } from "../limits.ts";
import { refreshList } from "./list-refresh.ts";
import { forgetFormerKeys } from "./request-keys.ts";
import { sendDueReceipts } from "./receipts.ts";
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

  /** Sets the alarm for what is due next. */
  schedule(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#stopped) return;
    const now = this.#clock.now();
    const due = Math.min(now + UPKEEP_MS, ...[...this.#state.receipts.values()].map((owed) => owed.due));
    this.#cancel = this.#clock.after(Math.max(0, due - now), () => {
      void this.#writer
        .change(sendDueReceipts)
        .then(() => this.#writer.change(renew))
        .catch(() => undefined)
        .finally(() => this.schedule());
    });
  }

  /** What is to be done each time that everything on the board has been read. */
  async caughtUp(tx: Transaction): Promise<void> {
    this.#closeInvites(tx);
    await renew(tx);
  }

  /**
   * Closes invites that have ended. Only when everything on the board has been read: a claim that was pinned in time counts even if this
   * device was away.
   */
  #closeInvites(tx: Transaction): void {
    for (const invite of [...tx.invites.values()]) {
      if (invite.expires > tx.now) continue;
      unwatchInvite(tx, invite);
      tx.invites.delete(invite.id);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }
}

/** What grows old: prekeys, request keys that were renewed, and the device list. */
async function renew(tx: Transaction): Promise<void> {
  ownBundle(tx);
  forgetFormerKeys(tx);
  await refreshList(tx);
}
