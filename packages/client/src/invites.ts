// Invites as apps see them: those that are open, and the door to what invites do (inviting.ts).

import type { Cancellable, Conversation, Duration, Invite, InvitePreview, Invites, Qr } from "./api.ts";
import type { Commit } from "./engine/transaction.ts";
import { later } from "./later.ts";
import { LiveValue } from "./live.ts";
import type { InviteRecord } from "./records/invite-record.ts";
import type { Views } from "./views.ts";

/** The invites of one account. */
export class InviteBook implements Invites {
  readonly list = new LiveValue<readonly Invite[]>([]);
  readonly #views: Views;
  /** Draws codes; there as soon as there is an invite. */
  #makeQr: ((text: string) => Qr) | undefined;

  constructor(views: Views) {
    this.#views = views;
  }

  /** Shows the invites that are open. */
  async load(): Promise<void> {
    if (this.#views.engine.state.invites.size > 0) this.#makeQr = (await later.drawing()).makeQr;
    this.#update();
  }

  async create(options: { uses?: number; expiresIn?: Duration } & Cancellable = {}): Promise<Invite> {
    this.#makeQr = (await later.drawing()).makeQr;
    return await (await later.inviting()).createInvite(this.#views, options);
  }

  async preview(invite: string | URL, options: Cancellable = {}): Promise<InvitePreview> {
    return await (await later.inviting()).previewInvite(this.#views, invite, options);
  }

  async accept(invite: string | URL, options: { inPerson?: boolean } & Cancellable = {}): Promise<Conversation> {
    return await (await later.inviting()).takeUpInvite(this.#views, invite, options);
  }

  /** Follows a commit. */
  refresh({ invites }: Commit): void {
    if (invites) this.#update();
  }

  #update(): void {
    const makeQr = this.#makeQr;
    if (makeQr === undefined) return;
    const records = [...this.#views.engine.state.invites.values()];
    this.list.set(records.toSorted((a, b) => a.expires - b.expires).map((record) => shownInvite(record, makeQr)));
  }
}

/** An invite as apps see it. */
export function shownInvite({ id, url, expires, uses, claimed }: InviteRecord, makeQr: (text: string) => Qr): Invite {
  return { id, url, qr: makeQr(url), expires: new Date(expires), usesLeft: uses - claimed.length };
}
