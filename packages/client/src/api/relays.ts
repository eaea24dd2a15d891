// The relays of an account: where it reads, and where people write to it.

import type { Connection } from "./client.ts";
import type { Cancellable, Live } from "./values.ts";

/** One relay of the account. */
export interface AccountRelayState {
  readonly url: URL;
  /** People write here first. */
  readonly home: boolean;
  readonly connection: Connection;
  /** The account has left it: until then it is still read, for whoever has not heard of that. */
  readonly leaving?: Date;
}

/** The relays of this account. */
export interface Relays {
  /** The home first, then the others that the account has, then those that it has left. */
  readonly list: Live<readonly AccountRelayState[]>;
  /**
   * Chooses the account's relays, 1 to 4, home first: contacts and own devices are told, and those that it had are read for 28 days more. All
   * or nothing: `relay/unreachable` when a new one cannot be reached now, `argument/invalid`, `device/not-listed`.
   */
  set(relays: readonly (string | URL)[], options?: Cancellable): Promise<void>;
}
