// Recovery by the 24 words.

import type { Contact } from "./people.ts";
import type { Cancellable, Live } from "./values.ts";

/** The 24 words, and what to do when something broke. */
export interface Recovery {
  /** "linked": this device does not hold the 24 words. */
  readonly status: Live<"linked" | "unseen" | "seen" | "confirmed">;
  /** Asks `unlock("reveal")` first when the store has a passphrase. The only call that returns a secret. `recovery/not-here` on a linked device. */
  reveal(options?: Cancellable): Promise<{ words: readonly string[] }>;
  /** Word positions (1-based) to ask back, chosen here so that apps cannot make it too easy. */
  challenge(): Promise<{ positions: readonly number[]; answer(words: readonly string[]): Promise<boolean> }>;
  /**
   * "My device may be compromised": this device gets other keys and takes the old one's place in the account's list; sessions with everybody
   * begin anew, and open invites end. Whoever copied it can neither read nor recognise what comes. Needs the 24 words: this device has them, or
   * `phrase` brings them. If the copy has the words too, only another account helps. Asks `unlock("reveal")` first when the store has a
   * passphrase. `device/not-root`, `device/not-listed`, `phrase/other-account`, `phrase/bad-word` and its like, `relay/unreachable`.
   */
  renewDevice(options?: { phrase?: string } & Cancellable): Promise<void>;
  /** What only the person can decide after something went wrong, oldest first; empty when all is well. Each new one is also an event. */
  readonly questions: Live<readonly RecoveryQuestion[]>;
}

/** What only the person can decide. */
export type RecoveryQuestion = ResendQuestion | CloneQuestion;

/**
 * A device of a verified contact says that it lost what it had not received yet. Conversations go on; may what I wrote to it in the last two
 * days, and it did not acknowledge, be sent to it again?
 */
export interface ResendQuestion {
  readonly kind: "resend";
  readonly contact: Contact;
  readonly since: Date;
  decide(again: boolean): Promise<void>;
}

/**
 * Something speaks with the keys of this device that is not this device: a stolen copy, a disk or virtual machine that was put back to an
 * earlier state, or a relay or contact that plays tricks. Sending to this contact (`undefined`: to my other devices) has stopped, messages
 * wait. `proceed` when it was you or you do not mind: sessions are begun anew under keys that no copy has.
 */
export interface CloneQuestion {
  readonly kind: "clone";
  readonly contact: Contact | undefined;
  readonly since: Date;
  /** "taken": my next places on the board hold what I did not write. "restarted": a new session was asked for in my name. */
  readonly sign: "taken" | "restarted";
  proceed(): Promise<void>;
}
