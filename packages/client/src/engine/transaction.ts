// One change of the account, all or nothing: reads and writes through drafts, commits as one batch, and only then becomes what everybody
// sees; effects (telling the app, waking the outbox) come after that. A failure changes nothing. Transactions run one after the other.
// Not a concern here: what is changed.

import { type Device, equalBytes, laterThan, type Primitives, type Stamp } from "@sotto/protocol";
import type { ContactId, ConversationId, DeviceId } from "../api.ts";
import type { MessengerError } from "../errors.ts";
import { LOOK_BACK_MS, READ_AGAIN_TIMES } from "../limits.ts";
import type { BackupRecord } from "../records/backup-record.ts";
import type { CallRecord } from "../records/call-record.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { ConversationRecord } from "../records/conversation-record.ts";
import type { HeldRecord } from "../records/held-record.ts";
import type { InviteRecord } from "../records/invite-record.ts";
import type { KeptRecord } from "../records/kept-record.ts";
import type { MessageRecord } from "../records/message-record.ts";
import type { OutboxRecord } from "../records/outbox-record.ts";
import type { PositionRecord } from "../records/position-record.ts";
import { PREKEYS, type PrekeysRecord } from "../records/prekeys-record.ts";
import type { HealingRecord } from "../records/healing-record.ts";
import type { RepairRecord } from "../records/repair-record.ts";
import type { UnacknowledgedRecord } from "../records/unacknowledged-record.ts";
import type { ReceiptRecord } from "../records/receipt-record.ts";
import { SELF, type SelfRecord } from "../records/self-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import type { EarlyReadRecord, UnreadRecord } from "../records/unread-record.ts";
import type { WaitingRecord } from "../records/waiting-record.ts";
import type { BoardPosition } from "../relay/feed.ts";
import type { MessageDraft } from "./message-log.ts";
import type { State } from "./state.ts";
import type { Draft } from "./table.ts";
import type { TagDraft } from "./tag-table.ts";

/** Something that happened and that an app may want to hear of, besides changed records. */
export type Happening =
  | { readonly type: "devices-changed"; readonly contact: ContactId; readonly forked: boolean; readonly restored: boolean }
  | { readonly type: "device-added"; readonly device: DeviceId }
  | { readonly type: "request"; readonly contact: ContactId }
  | { readonly type: "removed" }
  | { readonly type: "error"; readonly error: MessengerError };

/** By table, the records of one commit by their keys; `undefined`: deleted. */
export type ChangedRows = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** What one commit changed. */
export interface Commit {
  readonly rows: ChangedRows;
  readonly self: boolean;
  readonly contacts: ReadonlySet<string>;
  readonly conversations: ReadonlySet<string>;
  readonly invites: boolean;
  readonly receipts: boolean;
  /** Cells left or joined the outbox. */
  readonly outbox: boolean;
  readonly added: readonly MessageRecord[];
  readonly updated: readonly MessageRecord[];
  readonly happenings: readonly Happening[];
}

/** The account as one change sees it. */
export class Transaction {
  readonly p: Primitives;
  readonly now: number;
  readonly state: State;
  readonly contacts: Draft<ContactRecord>;
  readonly conversations: Draft<ConversationRecord>;
  readonly sessions: Draft<SessionRecord>;
  readonly outbox: Draft<OutboxRecord>;
  readonly invites: Draft<InviteRecord>;
  readonly receipts: Draft<ReceiptRecord>;
  readonly held: Draft<HeldRecord>;
  readonly waiting: Draft<WaitingRecord>;
  readonly unread: Draft<UnreadRecord>;
  readonly earlyReads: Draft<EarlyReadRecord>;
  readonly calls: Draft<CallRecord>;
  readonly backups: Draft<BackupRecord>;
  readonly repairs: Draft<RepairRecord>;
  readonly healing: Draft<HealingRecord>;
  readonly unacknowledged: Draft<UnacknowledgedRecord>;
  readonly kept: Draft<KeptRecord>;
  readonly messages: MessageDraft;
  readonly tags: TagDraft;
  /** How far each board was read, stored with what was read. */
  readonly positions: Draft<PositionRecord>;
  readonly #self: Draft<SelfRecord>;
  readonly #prekeys: Draft<PrekeysRecord>;
  readonly #happenings: Happening[] = [];
  #nextPlace: number | undefined;

  constructor(state: State, p: Primitives, now: number) {
    this.p = p;
    this.now = now;
    this.state = state;
    this.#self = state.selfTable.draft();
    this.positions = state.positions.draft();
    this.#prekeys = state.prekeys.draft();
    this.contacts = state.contacts.draft();
    this.conversations = state.conversations.draft();
    this.sessions = state.sessions.draft();
    this.outbox = state.outbox.draft();
    this.invites = state.invites.draft();
    this.receipts = state.receipts.draft();
    this.held = state.held.draft();
    this.waiting = state.waiting.draft();
    this.unread = state.unread.draft();
    this.earlyReads = state.earlyReads.draft();
    this.calls = state.calls.draft();
    this.backups = state.backups.draft();
    this.repairs = state.repairs.draft();
    this.healing = state.healing.draft();
    this.unacknowledged = state.unacknowledged.draft();
    this.kept = state.kept.draft();
    this.messages = state.messages.draft();
    this.tags = state.tags.draft();
  }

  get self(): SelfRecord {
    return this.#self.get(SELF) as SelfRecord;
  }

  /** This device. */
  get device(): Device {
    return this.state.deviceIn(this.self);
  }

  /** The stamp of a change that this device makes now to what was changed last by `known`. */
  stamp(known: Stamp): Stamp {
    return laterThan(known, this.now, this.device.id);
  }

  changeSelf(change: Partial<SelfRecord>): void {
    this.#self.put({ ...this.self, ...change });
  }

  changeContact(id: ContactId, change: Partial<ContactRecord>): ContactRecord {
    const record = { ...(this.contacts.get(id) as ContactRecord), ...change };
    this.contacts.put(record);
    return record;
  }

  changeConversation(id: ConversationId, change: Partial<ConversationRecord>): void {
    this.conversations.put({ ...(this.conversations.get(id) as ConversationRecord), ...change });
  }

  /** How far the board of a relay was read, stored with what was read. */
  boardRead(relay: string, { board, cursor }: BoardPosition): void {
    const held = this.positions.get(relay);
    if (held === undefined || !equalBytes(held.board, board)) {
      // A relay whose clock is behind this one by less than a segment is looked over from the beginning.
      return this.positions.put({ relay, board, cursor, newest: cursor, from: this.now - LOOK_BACK_MS, times: 0, met: [] });
    }
    const { again: _, ...rest } = held;
    const again = this.#stillAgain(held, cursor);
    this.positions.put({ ...rest, cursor, newest: Math.max(held.newest, cursor), ...(again !== undefined && { again }) });
  }

  /** What a board has after a cursor is to be read again: cells were passed over. Until that is done, it is remembered. */
  readAgain(relay: string, after: number): void {
    const held = this.positions.get(relay);
    if (held === undefined) return;
    this.positions.put({ ...held, again: { after: Math.min(after, held.again?.after ?? after), times: READ_AGAIN_TIMES } });
  }

  /** Going back is one of the times; what nobody misses any more is not read again. */
  #stillAgain({ cursor, again }: PositionRecord, next: number): PositionRecord["again"] {
    if (again === undefined || ![...this.sessions.values()].some(({ missing }) => missing > 0)) return undefined;
    const { after, times } = again;
    if (cursor <= after || next > after) return again;
    return times > 1 ? { after, times: times - 1 } : undefined;
  }

  /** This device's prekeys, once there are any. */
  get prekeys(): PrekeysRecord | undefined {
    return this.#prekeys.get(PREKEYS);
  }

  set prekeys(record: PrekeysRecord) {
    this.#prekeys.put(record);
  }

  /** The next place in the outbox: above every place in use. */
  nextOutboxPlace(): number {
    this.#nextPlace ??= Math.max(0, ...[...this.outbox.values()].map(({ place }) => place));
    return ++this.#nextPlace;
  }

  /** To be told once this is committed. */
  happened(happening: Happening): void {
    this.#happenings.push(happening);
  }

  /** Whether anything was changed so far. */
  get changed(): boolean {
    return this.messages.touched || this.#tables.some(({ touched }) => touched.size > 0);
  }

  /** Writes everything as one batch, then makes it what everybody sees. */
  async commit(): Promise<Commit> {
    const { store } = this.state;
    const drafts = [...this.#tables, this.messages];
    await store.commit(drafts.flatMap((draft) => draft.changes(store)));
    for (const draft of drafts) draft.apply();
    this.tags.apply();
    return {
      rows: new Map(this.#tables.filter(({ touched }) => touched.size > 0).map(({ table, rows }) => [table, rows])),
      self: this.#self.touched.size > 0,
      contacts: this.contacts.touched,
      conversations: this.conversations.touched,
      invites: this.invites.touched.size > 0,
      receipts: this.receipts.touched.size > 0,
      outbox: this.outbox.touched.size > 0,
      added: this.messages.added,
      updated: this.messages.updated,
      happenings: this.#happenings,
    };
  }

  get #tables(): readonly Draft<never>[] {
    return [
      this.#self,
      this.positions,
      this.#prekeys,
      this.contacts,
      this.conversations,
      this.sessions,
      this.outbox,
      this.invites,
      this.receipts,
      this.held,
      this.waiting,
      this.unread,
      this.earlyReads,
      this.repairs,
      this.healing,
      this.unacknowledged,
      this.kept,
      this.calls,
      this.backups,
    ] as unknown as readonly Draft<never>[];
  }
}

/** Runs changes one after the other. */
export class Writer {
  readonly #state: State;
  readonly #primitives: Primitives;
  readonly #now: () => number;
  readonly #committed: (commit: Commit) => void;
  #tail: Promise<unknown> = Promise.resolve();

  /** @param committed called after each commit, before the next change begins; must not throw */
  constructor(state: State, p: Primitives, now: () => number, committed: (commit: Commit) => void) {
    this.#state = state;
    this.#primitives = p;
    this.#now = now;
    this.#committed = committed;
  }

  /** Runs `work` when all changes before it are done, commits what it did, and gives what it gave. When it throws, nothing was changed. */
  change<T>(work: (tx: Transaction) => T | Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      const tx = new Transaction(this.#state, this.#primitives, this.#now());
      const result = await work(tx);
      this.#committed(await tx.commit());
      return result;
    };
    const done = this.#tail.then(run, run);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Resolves when every change asked for so far has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
