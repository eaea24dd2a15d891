// Opening an account: the functions of the package and their options.

import type { Logger, Storage, Transport } from "./adapters.ts";
import type { BackupOptions, BackupSource } from "./backups.ts";
import type { Client } from "./client.ts";
import type { JoinSession } from "./devices.ts";
import type { AccountId, AccountSummary, Cancellable } from "./values.ts";

/** How an account is opened, on whatever way it comes here. */
export interface ClientOptions extends Cancellable {
  /**
   * Where the account reads: one relay or up to 4, its home first, each `http(s)://` or `ws(s)://`. With several, one that is gone takes nothing
   * along: people write to the next, and the account goes on.
   */
  relay: string | URL | readonly (string | URL)[];
  /** Where the account is kept. Default: IndexedDB in browsers, SQLite under XDG_DATA_HOME in Node. */
  storage?: Storage;
  /** A passphrase (UTF-8) that seals the store at rest, or a function that asks for it when it is needed. */
  unlock?: Uint8Array | ((why: "open" | "reveal") => Promise<Uint8Array>);
  /** Any object with debug/info/warn/error. Default: silent. Text, keys and ids never reach it. */
  logger?: Logger;
  /** Bring your own network (proxies, Tor, tests). */
  transport?: Transport;
  /** What this device is called in the device list, for instance "Firefox on Linux". */
  deviceName?: string;
}

/**
 * `createAccount`: a new account. No phone number, e-mail or password. Resolves once keys are durable; works offline. `account/exists`,
 * `argument/invalid` (name, relay).
 */
export type CreateAccount = (options: ClientOptions & { name?: string }) => Promise<Client>;
/**
 * `openAccount`: the account of this storage (or the one with `id`). It knows its relays; other ones given here are chosen instead, as by
 * `client.relays.set`, as soon as they can be reached. `account/not-found`, `storage/locked`, `storage/wrong-key`.
 */
export type OpenAccount = (options?: Partial<ClientOptions> & { id?: AccountId }) => Promise<Client>;
/**
 * `restoreAccount`: an account from its 24 words, as a new device; with `backup` also contacts and history. `phrase/bad-word`,
 * `phrase/bad-length`, `phrase/bad-checksum`; `relay/unreachable`, because only a relay knows of the account's other devices. A backup that
 * the words do not open, or that is not there, is refused before anything is made (`backup/wrong-key`, `backup/not-found`, ...). When it
 * turns out to be damaged further on, or is broken off, the account is kept: open it and import again.
 */
export type RestoreAccount = (
  phrase: string,
  options: ClientOptions & { name?: string; backup?: BackupSource } & BackupOptions,
) => Promise<Client>;
/** `joinAsDevice`: the new device's side of QR login: show `session.qr`, or call `session.scan(text)` with what the camera read. */
export type JoinAsDevice = (options: ClientOptions) => Promise<JoinSession>;
/** `listAccounts`: the accounts kept in a storage. */
export type ListAccounts = (storage?: Storage) => Promise<AccountSummary[]>;
