// Recovery as apps see it: whether the phrase is here, showing it, asking it back; other keys for this device. Not a concern here: what is open
// after something went wrong (recovery-questions.ts), restoring an account.

import { refuseAborted } from "./aborted.ts";
import type { Cancellable, ClientOptions, Recovery, RecoveryQuestion } from "./api.ts";
import type { Commit } from "./engine/transaction.ts";
import { MessengerError } from "./errors.ts";
import { later } from "./later.ts";
import { LiveValue } from "./live.ts";
import { RecoveryQuestions } from "./recovery-questions.ts";
import type { Views } from "./views.ts";

/** The 24 words of this account. */
export class RecoveryPhrase implements Recovery {
  readonly status: LiveValue<"linked" | "unseen" | "seen" | "confirmed">;
  readonly questions: LiveValue<readonly RecoveryQuestion[]>;
  readonly #questions: RecoveryQuestions;
  readonly #views: Views;
  readonly #unlock: ClientOptions["unlock"];

  constructor(views: Views, unlock: ClientOptions["unlock"]) {
    this.#views = views;
    this.#unlock = unlock;
    this.status = new LiveValue(this.#now());
    this.#questions = new RecoveryQuestions(views);
    this.questions = this.#questions.open;
  }

  async reveal({ signal }: Cancellable = {}): Promise<{ words: readonly string[] }> {
    refuseAborted(signal);
    const words = await this.#words();
    await this.authorise();
    await this.#views.engine.run("seePhrase");
    return { words };
  }

  async challenge(): Promise<{ positions: readonly number[]; answer(words: readonly string[]): Promise<boolean> }> {
    const { engine } = this.#views;
    const words = await this.#words();
    const { askBack } = await later.words();
    return askBack(engine.primitives, words, async () => await engine.run("confirmPhrase"));
  }

  async renewDevice({ phrase, signal }: { phrase?: string } & Cancellable = {}): Promise<void> {
    refuseAborted(signal);
    const { engine } = this.#views;
    const entropy = phrase === undefined ? null : (await later.words()).entropyOf(engine.primitives, phrase);
    await this.authorise();
    // What lies on the board for the old device is read first: the new one cannot.
    await engine.caughtUp(signal === undefined ? {} : { signal });
    await engine.run("renewDevice", entropy);
  }

  /** Asks for the passphrase again, if the store has one. `storage/wrong-key`. */
  async authorise(): Promise<void> {
    const { store } = this.#views.engine.state;
    if (!store.passphrase) return;
    const unlock = this.#unlock;
    if (unlock === undefined) throw new MessengerError("storage/wrong-key", { reason: "passphrase-needed" });
    const passphrase = typeof unlock === "function" ? await unlock("reveal") : unlock;
    if (!(await store.checkPassphrase(passphrase))) throw new MessengerError("storage/wrong-key", { reason: "passphrase-wrong" });
  }

  /** Follows a commit. */
  refresh(commit: Commit): void {
    if (commit.self) this.status.set(this.#now());
    this.#questions.refresh(commit);
  }

  #now(): "linked" | "unseen" | "seen" | "confirmed" {
    const { phrase, recovery } = this.#views.engine.state.self;
    return phrase === null ? "linked" : recovery;
  }

  async #words(): Promise<readonly string[]> {
    const { primitives, state } = this.#views.engine;
    if (state.self.phrase === null) throw new MessengerError("recovery/not-here", {});
    const { wordsOf } = await later.words();
    return wordsOf(primitives, state.self.phrase);
  }
}
