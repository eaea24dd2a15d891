// What the client needs of the machine it runs on: one value in browsers, one in Node. Not a concern here: what is done with it.

import type { Primitives } from "@sotto/protocol";
import type { Argon2id } from "@sotto/protocol/primitives/argon2id";
import type { Storage, Transport } from "./api.ts";
import type { Clock } from "./clock.ts";

/** The machine. */
export interface Platform {
  readonly primitives: Primitives;
  /** What makes a key of a passphrase: asked for only when there is one. */
  argon2id(): Promise<Argon2id>;
  readonly transport: Transport;
  readonly clock: Clock;
  /** What this device is called when nobody says otherwise, for instance "Firefox on Linux". */
  deviceName(): string;
  readonly places: StoragePlaces;
}

/** Where accounts are kept when the caller names no storage: one storage for each. */
export interface StoragePlaces {
  /** All that exist; some may be empty, because making an account failed. */
  list(): Promise<readonly StoragePlace[]>;
  /** One that does not exist yet. */
  fresh(): Promise<StoragePlace>;
}

/** A storage and the way to get rid of it. */
export interface StoragePlace {
  readonly storage: Storage;
  /** Closes it and deletes it with all its files. */
  discard(): Promise<void>;
}
