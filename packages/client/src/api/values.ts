// The small values that everything else is said in: ids, cursors, durations, values that change.

declare const brand: unique symbol;
type Brand<B extends string> = string & { readonly [brand]: B };
/** `sotto1…`, 64 characters: the account's public key. */
export type AccountId = Brand<"AccountId">;
/** Another person's `AccountId`. */
export type ContactId = Brand<"ContactId">;
export type DeviceId = Brand<"DeviceId">;
export type ConversationId = Brand<"ConversationId">;
export type MessageId = Brand<"MessageId">;
/** Cursors of one account on one device sort as strings in the order in which messages were stored, over all conversations. */
export type Cursor = Brand<"Cursor">;
/** `"30s" | "5m" | "1h" | "7d" | "2w"` or milliseconds. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d" | "w"}`;
/** What others are told of a person. */
export interface Profile {
  /** 64 characters at most; may be empty. */
  name: string;
}
/** An account of a storage, without opening it. */
export interface AccountSummary {
  id: AccountId;
  name: string;
}

/** What every call takes that may wait for a relay or a person. */
export interface Cancellable {
  /** When it is aborted the call fails with `aborted`; what had happened until then holds. */
  signal?: AbortSignal;
}

/** A value that changes. Fits useSyncExternalStore, signals, Svelte `$store`, Solid `from()`. `subscribe` calls at once with the value held. */
export interface Live<T> {
  get(): T;
  subscribe(listener: (value: T) => void): () => void;
}
