// The public address as apps see it: whether this account has one, and the door to what is done with addresses (addressing.ts).

import type { Cancellable, Found, PublicAddress } from "./api.ts";
import type { Commit } from "./engine/transaction.ts";
import { later } from "./later.ts";
import { LiveValue } from "./live.ts";
import type { Views } from "./views.ts";

/** This account's public address. */
export class AddressBook implements PublicAddress {
  readonly state: LiveValue<{ published: boolean; handle?: string }>;
  readonly #views: Views;

  constructor(views: Views) {
    this.#views = views;
    this.state = new LiveValue(this.#now());
  }

  async publish(options: { handle?: string } & Cancellable = {}): Promise<void> {
    await (await later.addressing()).publishAddress(this.#views, options);
  }

  async find(who: string, options: Cancellable = {}): Promise<Found> {
    return await (await later.addressing()).findAccount(this.#views, who, options);
  }

  /** Follows a commit. */
  refresh({ self }: Commit): void {
    if (self) this.state.set(this.#now());
  }

  #now(): { published: boolean; handle?: string } {
    const { published, handle } = this.#views.engine.state.self;
    return handle === null ? { published } : { published, handle };
  }
}
