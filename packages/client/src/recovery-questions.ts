// What only the person can decide when something went wrong (spec §8), as apps see it: whether a verified contact's device is told again what it
// lost, and whether a suspected copy of this device matters. Takes repair records; gives one object a question for as long as it is open. Not a
// concern here: how questions come up (engine/restarts.ts, engine/clones.ts).

import type { ContactId, RecoveryQuestion } from "./api.ts";
import type { Commit } from "./engine/transaction.ts";
import { LiveValue } from "./live.ts";
import type { RepairRecord } from "./records/repair-record.ts";
import type { Views } from "./views.ts";

/** The open questions of one account. */
export class RecoveryQuestions {
  readonly open: LiveValue<readonly RecoveryQuestion[]>;
  readonly #views: Views;
  #known = new Map<string, RecoveryQuestion>();

  constructor(views: Views) {
    this.#views = views;
    this.open = new LiveValue(this.#now());
  }

  /** Follows a commit. */
  refresh({ rows }: Commit): void {
    if (!rows.has("repairs")) return;
    const before = new Set(this.open.get());
    const now = this.#now();
    if (now.length === before.size && now.every((question) => before.has(question))) return;
    this.open.set(now);
    for (const question of now) if (!before.has(question)) this.#views.events.emit("question", question);
  }

  #now(): readonly RecoveryQuestion[] {
    const open = new Map<string, RecoveryQuestion>();
    for (const repair of this.#views.engine.state.repairs.values()) {
      for (const [name, question] of this.#questionsOf(repair)) if (!open.has(name)) open.set(name, this.#known.get(name) ?? question);
    }
    this.#known = open;
    return [...open.values()].toSorted((a, b) => a.since.getTime() - b.since.getTime());
  }

  /** Those of one record, each under a name that is the same for all devices of that account. */
  #questionsOf({ account, clone, resendAsked }: RepairRecord): readonly (readonly [string, RecoveryQuestion])[] {
    const { engine } = this.#views;
    const found: (readonly [string, RecoveryQuestion])[] = [];
    const contact = this.#contact(account);
    if (resendAsked !== null && contact !== undefined) {
      const decide = async (again: boolean): Promise<void> => await engine.run("decideResend", account, again);
      found.push([`resend ${account}`, { kind: "resend", contact, since: new Date(resendAsked), decide }]);
    }
    if (clone !== null) {
      const proceed = async (): Promise<void> => await engine.run("continueSending", account);
      found.push([`clone ${account}`, { kind: "clone", contact, sign: clone.sign, since: new Date(clone.since), proceed }]);
    }
    return found;
  }

  #contact(account: ContactId): RecoveryQuestion["contact"] {
    return account === this.#views.ownId ? undefined : this.#views.contacts.person(account);
  }
}
