// What an app can bring along: storage, network, logger.

/** An ordered byte map with atomic batches. Sealing happens above it: an adapter never sees plaintext. */
export interface Storage {
  /** The value of a key; `undefined` when there is none. `storage/unavailable`. */
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Entries with `from` <= key < `to`, in byte order (descending with `reverse`). */
  scan(range: { from: Uint8Array; to: Uint8Array; reverse?: boolean; limit?: number }): AsyncIterable<readonly [Uint8Array, Uint8Array]>;
  /** All or nothing; durable when it resolves. `storage/full`, `storage/unavailable`. */
  batch(ops: readonly StorageOp[]): Promise<void>;
  /**
   * Takes the one writer's place until released or until the process or tab dies; `storage/locked` at once when it is taken. With `wait`
   * it stands in line instead, until that signal ends the wait with `aborted`.
   */
  lock(options?: { readonly wait?: AbortSignal }): Promise<() => Promise<void>>;
  /**
   * Joins those who have opened this storage, in other tabs or processes too: so that several can use one account. An adapter without it
   * makes accounts that are open in one place at a time.
   */
  join?(listener: ChannelListener): Promise<StorageChannel>;
  /**
   * A key that only this storage's platform holds (a non-extractable WebCrypto key, a file of mode 0600), made on first use: seals and opens the
   * store's own key.
   */
  readonly keeper: StorageKeeper;
  /** Lets go of lock, channel and files.  */
  close(): Promise<void>;
}

/** One entry written or deleted. */
export type StorageOp = { put: Uint8Array; value: Uint8Array } | { del: Uint8Array };

/** A way from one opened storage to the others of the same one. What is said is sealed above it. */
export interface StorageChannel {
  /**
   * From the lock's holder to everybody who has joined, from anybody else at least to the holder; what one sends arrives in order. Lost when
   * nobody is there, or when the other side dies.
   */
  post(message: Uint8Array): void;
  close(): Promise<void>;
}

/** Who hears what the others of a storage say. */
export interface ChannelListener {
  received(message: Uint8Array): void;
  /** The way to the lock's holder is a new one: what was posted and not answered may be lost. */
  connected?(): void;
}

/** Seals the store's own key under one that never leaves the platform. */
export interface StorageKeeper {
  /** Takes the 32 bytes of the key; gives what `unwrap` opens. */
  wrap(key: Uint8Array): Promise<Uint8Array>;
  /** `storage/wrong-key` when it was wrapped elsewhere or changed. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
}

/** The network, as browsers and Node have it. */
export interface Transport {
  fetch(url: string, init: RequestInit): Promise<Response>;
  webSocket(url: string): WebSocket;
}

/** Takes what happens, for developers; `context` holds codes and counts. */
export interface Logger {
  debug(message: string, context?: object): void;
  info(message: string, context?: object): void;
  warn(message: string, context?: object): void;
  error(message: string, context?: object): void;
}
