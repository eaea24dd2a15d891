/// <reference lib="esnext.disposable" />
// An opened account: what it holds, its events, its connection.

import type { MessengerError } from "../errors.ts";
import type { Backups } from "./backups.ts";
import type { Conversation, Conversations, Message } from "./conversations.ts";
import type { Device, Devices } from "./devices.ts";
import type { ContactRequest, Invites, PublicAddress } from "./meeting.ts";
import type { Contact, Contacts } from "./people.ts";
import type { Relays } from "./relays.ts";
import type { Recovery, RecoveryQuestion } from "./recovery.ts";
import type { AccountId, Cancellable, Cursor, Live, Profile } from "./values.ts";

/** An opened account. */
export interface Client extends AsyncDisposable {
  readonly id: AccountId;
  readonly profile: Live<Profile>;
  readonly connection: Live<Connection>;
  readonly conversations: Conversations;
  readonly contacts: Contacts;
  readonly invites: Invites;
  readonly address: PublicAddress;
  readonly devices: Devices;
  readonly relays: Relays;
  readonly recovery: Recovery;
  readonly backups: Backups;
  /**
   * Everything addressed to me, oldest first, stored before it is yielded. Replays what is stored after the cursor `after`
   * (without it: from when this client was opened), then goes live with no gap between. Other people's messages only, unless `self: true`.
   */
  messages(options?: MessagesOptions): AsyncIterableIterator<Message>;
  /** Typed events; returns an unsubscriber and honours `signal`. A throwing listener reaches `on("error")`. */
  on<E extends keyof ClientEvents>(event: E, listener: (value: ClientEvents[E]) => void, options?: Cancellable): () => void;
  /** What others are told of me, and my other devices: a name has 64 characters at most. `argument/invalid`. */
  updateProfile(change: Partial<Profile>, options?: Cancellable): Promise<void>;
  /**
   * What a program that ends soon waits for: resolves once everything that was on the board at the time of the call is taken in and
   * stored, and everything that was in the outbox (and what these answered) is with a relay. With several relays one that answers is enough;
   * rejects with `relay/unreachable` as soon as attempts to connect to all of them failed, with the message's error if a message failed for good.
   */
  sync(options?: Cancellable): Promise<void>;
  /** Stops sending and receiving and releases the storage. Idempotent. What is in the outbox stays there. */
  close(): Promise<void>;
  /** Wipes this account from this device. `argument/invalid` when `confirm` is not its id. */
  erase(options: { confirm: AccountId }): Promise<void>;
}

/** From where a stream of messages begins, and which it holds. */
export interface MessagesOptions extends Cancellable {
  /** "start": from the first message that is stored here, for whoever has no cursor yet. */
  after?: Cursor | "start";
  self?: boolean;
}

/** What `on` tells of. */
export interface ClientEvents {
  message: Message;
  update: { message: Message; kind: "status" };
  conversation: { conversation: Conversation; kind: "added" | "changed" };
  /** A contact's devices changed; `forked`: two lists of one version were seen; `restored`: their account was restored from its words. */
  "devices-changed": { contact: Contact; forked: boolean; restored: boolean };
  "device-added": Device;
  request: ContactRequest;
  /** Something went wrong and only the person can decide what to do: see `recovery.questions`. */
  question: RecoveryQuestion;
  connection: Connection;
  error: MessengerError;
}

/** How it stands with the relays: online is who reads one of them. */
export type Connection =
  | { state: "online"; since: Date; relay: URL }
  | { state: "connecting"; attempt: number; retryAt?: Date }
  | { state: "offline"; reason: "no-network" | "relay-unreachable" | "closed" }
  | { state: "blocked"; reason: "upgrade-required" | "rate-limited" | "removed" | "erased"; until?: Date };
