/// <reference lib="esnext.disposable" />
// The public surface of @sotto/client: what an application sees, and nothing of how it is done.
// Rule of the house: every async call takes `{ signal }`; every error is a MessengerError with a stable `code`;
// every stream is gap-free across reconnects and restarts; nothing here returns a raw key except `recovery.reveal`.

import type { MessengerError } from "./errors.ts";

// ── Opening an account ──────────────────────────────────────────────────────────────────────────

export interface Cancellable {
  signal?: AbortSignal;
}

export interface ClientOptions extends Cancellable {
  /** The relay's address, `http(s)://` or `ws(s)://`. */
  relay: string | URL;
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

/** `createAccount`: a new account. No phone number, e-mail or password. Resolves once keys are durable; works offline. */
export type CreateAccount = (options: ClientOptions & { name?: string }) => Promise<Client>;
/** `openAccount`: the account of this storage (or the one with `id`). `account/not-found`, `storage/locked`, `storage/wrong-key`. */
export type OpenAccount = (options: ClientOptions & { id?: AccountId }) => Promise<Client>;
/** `restoreAccount`: an account from its 24 words, as a new device. `phrase/bad-word`, `phrase/bad-length`, `phrase/bad-checksum`. */
export type RestoreAccount = (phrase: string, options: ClientOptions & { name?: string }) => Promise<Client>;
/** `joinAsDevice`: the new device's side of QR login: show `session.qr`, or call `session.scan(text)` with what the camera read. */
export type JoinAsDevice = (options: ClientOptions) => Promise<JoinSession>;
/** `listAccounts`: the accounts kept in a storage. */
export type ListAccounts = (storage?: Storage) => Promise<AccountSummary[]>;

// ── Client ──────────────────────────────────────────────────────────────────────────────────────

export interface Client extends AsyncDisposable {
  readonly id: AccountId;
  readonly profile: Live<Profile>;
  readonly connection: Live<Connection>;
  readonly conversations: Conversations;
  readonly contacts: Contacts;
  readonly invites: Invites;
  readonly address: PublicAddress;
  readonly devices: Devices;
  readonly recovery: Recovery;
  /**
   * Everything addressed to me, oldest first, stored before it is yielded. Replays what is stored after the cursor `after`
   * (without it: from when this client was opened), then goes live with no gap between. Other people's messages only, unless `self: true`.
   */
  messages(options?: MessagesOptions): AsyncIterableIterator<Message>;
  /** Typed events; returns an unsubscriber and honours `signal`. A throwing listener reaches `on("error")`. */
  on<E extends keyof ClientEvents>(event: E, listener: (value: ClientEvents[E]) => void, options?: Cancellable): () => void;
  updateProfile(change: Partial<Profile>, options?: Cancellable): Promise<void>;
  /**
   * What a program that ends soon waits for: resolves once everything that was on the board at the time of the call is taken in and
   * stored, and everything that was in the outbox (and what these answered) is with the relay. Rejects with `relay/unreachable` as soon
   * as an attempt to connect fails, with the message's error if a message failed for good.
   */
  sync(options?: Cancellable): Promise<void>;
  /** Stops sending and receiving and releases the storage. Idempotent. What is in the outbox stays there. */
  close(): Promise<void>;
  /** Wipes this account from this device. */
  erase(options: { confirm: AccountId }): Promise<void>;
}

export interface MessagesOptions extends Cancellable {
  after?: Cursor;
  self?: boolean;
}

export interface ClientEvents {
  message: Message;
  update: { message: Message; kind: "status" };
  conversation: { conversation: Conversation; kind: "added" | "changed" };
  /** A contact's devices changed; `forked` when two lists of one version were seen. */
  "devices-changed": { contact: Contact; forked: boolean };
  "device-added": Device;
  request: ContactRequest;
  connection: Connection;
  error: MessengerError;
}

export type Connection =
  | { state: "online"; since: Date; relay: URL }
  | { state: "connecting"; attempt: number; retryAt?: Date }
  | { state: "offline"; reason: "no-network" | "relay-unreachable" | "closed" }
  | { state: "blocked"; reason: "upgrade-required" | "rate-limited" | "removed"; until?: Date };

/** A value that changes. Fits useSyncExternalStore, signals, Svelte `$store`, Solid `from()`. `subscribe` calls at once with the value held. */
export interface Live<T> {
  get(): T;
  subscribe(listener: (value: T) => void): () => void;
}

// ── Meeting people ──────────────────────────────────────────────────────────────────────────────

export interface Invites {
  /** A link whose secret is in the fragment and never reaches a server. Single use, 7 days, by default (at most 14 days, 20 uses). */
  create(options?: { uses?: number; expiresIn?: Duration } & Cancellable): Promise<Invite>;
  /**
   * Accepts a link or QR text. Resolves to a conversation one can send to at once, even if the other side is away. `inPerson`: the code was
   * read off the other person's own screen; that verifies them, which a link that travelled does not.
   */
  accept(invite: string | URL, options?: { inPerson?: boolean } & Cancellable): Promise<Conversation>;
  /** Look before you leap: who made it and until when. Writes nothing. */
  preview(invite: string | URL, options?: Cancellable): Promise<InvitePreview>;
  readonly list: Live<readonly Invite[]>;
}

export interface Invite {
  id: string;
  url: string;
  qr: Qr;
  expires: Date;
  usesLeft: number;
}

export interface InvitePreview {
  kind: "direct";
  name: string;
  id: ContactId;
  expires: Date;
  relay: URL;
}

/** The public key uploaded to the server and shared with the world: who knows the id or the handle can write. */
export interface PublicAddress {
  readonly state: Live<{ published: boolean; handle?: string }>;
  /** Puts the account's devices into the relay's directory, under its id and, if given, under a handle (3-32 of a-z 0-9 _). `address/handle-taken`. */
  publish(options?: { handle?: string } & Cancellable): Promise<void>;
  /** Finds a published account by id (`sotto1…`) or handle (`@alice`). `address/not-found`, `address/invalid`. Writes nothing. */
  find(who: string, options?: Cancellable): Promise<Found>;
}

export interface Found {
  readonly id: ContactId;
  /** The handle the relay named it by: the relay's word, unverified until safety numbers are compared. */
  readonly handle?: string;
  readonly safetyNumber: SafetyNumber;
  /** Opens a conversation; the first message asks the other side to accept. */
  conversation(options?: Cancellable): Promise<Conversation>;
}

export interface ContactRequest {
  readonly id: ContactId;
  readonly from: Profile;
  readonly received: Date;
  accept(options?: Cancellable): Promise<Conversation>;
  decline(options?: { block?: boolean } & Cancellable): Promise<void>;
}

// ── Conversations ───────────────────────────────────────────────────────────────────────────────

export interface Conversations {
  readonly list: Live<readonly Conversation[]>;
  get(id: ConversationId): Promise<Conversation | undefined>;
  /** Note to self, shared by my devices. */
  notes(): Promise<Conversation>;
}

export interface Conversation {
  readonly id: ConversationId;
  readonly kind: "direct" | "notes";
  /** The other person; absent for notes. */
  readonly contact?: Contact;
  readonly state: Live<ConversationState>;
  /** Resolves when safely in the outbox (offline is fine). Watch `message.status`, or await `message.sent`. */
  send(text: string, options?: Cancellable): Promise<Message>;
  messages(options?: MessagesOptions): AsyncIterableIterator<Message>;
  /** Windowed history for list views, oldest first in each page. Default: the newest 50. */
  history(options?: { around?: "end"; limit?: number } & Cancellable): Promise<Page<Message>>;
  /** Takes messages of the other side as read: all, or the oldest `count` unread ones, if that is what was shown. */
  markRead(options?: { count?: number }): Promise<void>;
}

export interface ConversationState {
  name: string;
  unread: number;
  lastMessage?: Message;
  trust: Trust;
  /** "asking": my first message waits for the other side to accept. */
  phase: "asking" | "open";
}

export interface Message {
  readonly id: MessageId;
  readonly cursor: Cursor;
  readonly conversation: Conversation;
  readonly sender: Sender;
  readonly mine: boolean;
  readonly sentAt: Date;
  readonly content: Content;
  /** Plain text of any content, for notifications and terminals. */
  readonly text: string;
  readonly status: Status;
  /** Settles when the relay holds it for every device of the other side. Rejects with `send/failed`; `retry()` tries again. */
  readonly sent: Promise<void>;
  retry(): Promise<void>;
}

export interface Sender {
  readonly id: ContactId;
  readonly name: string;
}

/**
 * ◷ queued, ✓ sent (the relay holds it), ✓✓ delivered (their device has it). A receipt rides along with their next message, or comes by
 * itself after 10 to 20 minutes at random: sent at once, it would tell the relay who answers whom.
 */
export type Status =
  | { state: "queued" }
  | { state: "sent"; at: Date }
  | { state: "delivered"; at: Date }
  | { state: "failed"; error: MessengerError };

export type Content =
  | { type: "text"; text: string }
  /** Shown, never swallowed: what could not be read and what to do about it. */
  | { type: "unreadable"; error: MessengerError };

export interface Page<T> {
  items: readonly T[];
  before(limit?: number): Promise<Page<T> | undefined>;
}

// ── People ──────────────────────────────────────────────────────────────────────────────────────

export interface Contacts {
  readonly list: Live<readonly Contact[]>;
  /** Strangers who ask to talk to me, waiting for accept or decline. */
  readonly requests: Live<readonly ContactRequest[]>;
  get(id: ContactId): Promise<Contact | undefined>;
}

export interface Contact extends Sender {
  readonly trust: Trust;
  rename(name: string): Promise<void>;
  conversation(): Promise<Conversation>;
  safetyNumber(): Promise<SafetyNumber>;
  setVerified(verified: boolean): Promise<void>;
}

export type Trust = "unverified" | "verified";

export interface SafetyNumber {
  /** 60 decimal digits. */
  digits: string;
  /** The same as 12 groups of 5. */
  groups: readonly string[];
}

export interface Qr {
  readonly text: string;
  /** Modules, true = dark, with no quiet zone. */
  matrix(): readonly (readonly boolean[])[];
  /** Half-block characters with a quiet zone, for a terminal with light text on dark. */
  terminal(): string;
}

// ── Devices: QR login ───────────────────────────────────────────────────────────────────────────

export interface Devices {
  readonly list: Live<readonly Device[]>;
  /** Old device reads what the new device shows. Nothing of the account is sent until `approve()`. */
  scan(qrText: string, options?: Cancellable): Promise<LinkRequest>;
  /** Old device shows the code, the new device reads it: harder to phish, offered first. */
  offer(options?: Cancellable): Promise<LinkOffer>;
}

export interface Device {
  id: DeviceId;
  name: string;
  added: Date;
  current: boolean;
}

export interface LinkOffer {
  qr: Qr;
  expires: Date;
  request: Promise<LinkRequest>;
  cancel(): void;
}

export type LinkMode = "link" | "transfer";

export interface LinkRequest {
  deviceName: string;
  expires: Date;
  /**
   * The code that the new device shows, typed by the person here. One try: `device/code-mismatch` ends the pairing on both sides.
   * "link" adds a device (default). "transfer" also hands over the 24 words, after `unlock("reveal")`.
   */
  approve(options: { code: string; mode?: LinkMode } & Cancellable): Promise<Device>;
  /** Six digits to type on the new device if it asks for them; set once the typed code was right. */
  readonly replyCode: Live<string | undefined>;
  deny(): void;
}

export type JoinState =
  | "waiting" // the code is shown, or a scan is expected
  | "scanned" // the other device answered, keys are being agreed
  | "confirm" // checkCode is shown here and typed on the old device
  | "reply" // the old device shows a second code, typed here: call confirm()
  | "copying"
  | "done"
  | "denied"
  | "expired"
  | "failed";

export interface JoinSession {
  readonly qr: Qr;
  readonly expires: Date;
  readonly state: Live<JoinState>;
  /** Six digits to show on this device. */
  readonly checkCode: Promise<string>;
  /** What the camera read, or (`typed`) what was pasted as text: then the second code is asked too. */
  scan(qrText: string, options?: { typed?: boolean }): Promise<void>;
  /** The second code, typed here in state "reply". One try: `device/code-mismatch`. */
  confirm(code: string): Promise<void>;
  readonly client: Promise<Client>;
  cancel(): void;
}

/** The same exchange for any secret, without an account: `sendSecret` on one machine, `receiveSecret` on the other. */
export interface SecretOffer {
  readonly qr: Qr;
  readonly expires: Date;
  /** Resolves once the other side answered: type its code here. `done` resolves when it has acknowledged the secret. */
  readonly request: Promise<{
    deviceName: string;
    approve(code: string): Promise<void>;
    readonly replyCode: Live<string | undefined>;
    deny(): void;
    done: Promise<void>;
  }>;
  cancel(): void;
}

export interface SecretReceipt {
  readonly checkCode: Promise<string>;
  readonly state: Live<JoinState>;
  confirm(code: string): Promise<void>;
  readonly secret: Promise<Uint8Array>;
  cancel(): void;
}

/** `sendSecret`: shows a QR; at most 3,000 bytes. */
export type SendSecret = (
  options: { relay: string | URL; secret: Uint8Array; transport?: Transport; deviceName?: string } & Cancellable,
) => Promise<SecretOffer>;
/** `receiveSecret`: takes the text of that QR. */
export type ReceiveSecret = (
  qrText: string,
  options?: { typed?: boolean; transport?: Transport; deviceName?: string } & Cancellable,
) => Promise<SecretReceipt>;

// ── Recovery ────────────────────────────────────────────────────────────────────────────────────

export interface Recovery {
  /** "linked": this device does not hold the 24 words. */
  readonly status: Live<"linked" | "unseen" | "seen" | "confirmed">;
  /** Asks `unlock("reveal")` first when the store has a passphrase. The only call that returns a secret. `recovery/not-here` on a linked device. */
  reveal(options?: Cancellable): Promise<{ words: readonly string[] }>;
  /** Word positions (1-based) to ask back, chosen here so that apps cannot make it too easy. */
  challenge(): Promise<{ positions: readonly number[]; answer(words: readonly string[]): Promise<boolean> }>;
}

// ── Adapters ────────────────────────────────────────────────────────────────────────────────────

/** An ordered byte map with atomic batches. Sealing happens above it: an adapter never sees plaintext. */
export interface Storage {
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Entries with `from` <= key < `to`, in byte order (descending with `reverse`). */
  scan(range: { from: Uint8Array; to: Uint8Array; reverse?: boolean; limit?: number }): AsyncIterable<readonly [Uint8Array, Uint8Array]>;
  /** All or nothing; durable when it resolves. `storage/full`, `storage/unavailable`. */
  batch(ops: readonly StorageOp[]): Promise<void>;
  /** Takes the one writer's place until released or until the process or tab dies; `storage/locked` at once when it is taken. */
  lock(): Promise<() => Promise<void>>;
  /** A key that only this storage's platform holds (a non-extractable WebCrypto key, a file of mode 0600), made on first use: seals and opens the store's own key. */
  readonly keeper: StorageKeeper;
  close(): Promise<void>;
}

export type StorageOp = { put: Uint8Array; value: Uint8Array } | { del: Uint8Array };

export interface StorageKeeper {
  wrap(key: Uint8Array): Promise<Uint8Array>;
  /** `storage/wrong-key` when it was wrapped elsewhere or changed. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
}

export interface Transport {
  fetch(url: string, init: RequestInit): Promise<Response>;
  webSocket(url: string): WebSocket;
}

export interface Logger {
  debug(message: string, context?: object): void;
  info(message: string, context?: object): void;
  warn(message: string, context?: object): void;
  error(message: string, context?: object): void;
}

// ── Small types ─────────────────────────────────────────────────────────────────────────────────

declare const brand: unique symbol;
type Brand<B extends string> = string & { readonly [brand]: B };
export type AccountId = Brand<"AccountId">;
export type ContactId = Brand<"ContactId">;
export type DeviceId = Brand<"DeviceId">;
export type ConversationId = Brand<"ConversationId">;
export type MessageId = Brand<"MessageId">;
/** Cursors of one account on one device sort as strings in the order in which messages were stored, over all conversations. */
export type Cursor = Brand<"Cursor">;
/** `"30s" | "5m" | "1h" | "7d" | "2w"` or milliseconds. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d" | "w"}`;
export interface Profile {
  name: string;
}
export interface AccountSummary {
  id: AccountId;
  name: string;
}
