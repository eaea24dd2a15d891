// The account as it stands: every kind of record, committed. Takes an open store; gives the tables. What follows from the records (tags) is
// computed here once. Not a concern here: changing anything (transaction.ts).

import { type Device, keyPairFromPrivate, type Primitives, type PublicKey } from "@sotto/protocol";
import { MessengerError } from "../errors.ts";
import { backupKind } from "../records/backup-record.ts";
import { callKind } from "../records/call-record.ts";
import { contactKind } from "../records/contact-record.ts";
import { conversationKind } from "../records/conversation-record.ts";
import { inviteKind } from "../records/invite-record.ts";
import { outboxKind } from "../records/outbox-record.ts";
import { heldKind } from "../records/held-record.ts";
import { positionKind } from "../records/position-record.ts";
import { receiptKind } from "../records/receipt-record.ts";
import { keptKind } from "../records/kept-record.ts";
import { SELF, selfKind, type SelfRecord } from "../records/self-record.ts";
import { prekeysKind, type PrekeysRecord } from "../records/prekeys-record.ts";
import { sessionKind, type SessionRecord } from "../records/session-record.ts";
import { earlyReadKind, unreadKind } from "../records/unread-record.ts";
import { healingKind } from "../records/healing-record.ts";
import { repairKind } from "../records/repair-record.ts";
import { unacknowledgedKind } from "../records/unacknowledged-record.ts";
import { waitingKind } from "../records/waiting-record.ts";
import type { SealedStore } from "../storage/sealed-store.ts";
import { MessageLog } from "./message-log.ts";
import { Table } from "./table.ts";
import { TagTable } from "./tag-table.ts";

/** The records that this version writes and reads. */
const FORMAT = 1;

/** Everything that is committed. */
export class State {
  readonly store: SealedStore;
  readonly #p: Primitives;
  #device: { readonly of: SelfRecord["device"]; readonly device: Device };
  readonly selfTable: Table<SelfRecord>;
  readonly positions = new Table(positionKind);
  readonly contacts = new Table(contactKind);
  readonly conversations = new Table(conversationKind);
  readonly sessions: Table<SessionRecord>;
  readonly outbox = new Table(outboxKind);
  readonly invites = new Table(inviteKind);
  readonly receipts = new Table(receiptKind);
  readonly held = new Table(heldKind);
  readonly waiting = new Table(waitingKind);
  readonly unread = new Table(unreadKind);
  readonly earlyReads = new Table(earlyReadKind);
  readonly prekeys: Table<PrekeysRecord>;
  readonly calls = new Table(callKind);
  readonly backups = new Table(backupKind);
  readonly repairs = new Table(repairKind);
  readonly healing = new Table(healingKind);
  readonly unacknowledged = new Table(unacknowledgedKind);
  readonly kept = new Table(keptKind);
  readonly messages: MessageLog;
  readonly tags = new TagTable();

  private constructor(p: Primitives, store: SealedStore, selfTable: Table<SelfRecord>, messages: MessageLog) {
    this.store = store;
    this.selfTable = selfTable;
    this.#p = p;
    this.#device = deviceOf(p, this.self);
    this.messages = messages;
    this.sessions = new Table(sessionKind(p, { device: this.device, account: this.self.account as PublicKey }));
    this.prekeys = new Table(prekeysKind(p));
  }

  /** Reads an account out of its store. `account/not-found` when there is none, `storage/corrupt`. Tags are not watched yet. */
  static async load(store: SealedStore, p: Primitives): Promise<State> {
    const state = await State.loadShown(store, p);
    for (const table of state.#hidden) await table.load(store);
    return state;
  }

  /** The same without what only the writer needs: what another tab or process of the account shows. */
  static async loadShown(store: SealedStore, p: Primitives): Promise<State> {
    const selfTable = new Table(selfKind);
    await selfTable.load(store);
    const state = await State.#of(store, p, selfTable);
    for (const table of state.shown) if (table !== (selfTable as Table<unknown>)) await table.load(store);
    return state;
  }

  /** A new account in an empty store, in memory only: the first transaction that changes `self` makes it durable. */
  static async begin(store: SealedStore, p: Primitives, self: SelfRecord): Promise<State> {
    const selfTable = new Table(selfKind);
    selfTable.apply(new Map([[SELF, self]]));
    return await State.#of(store, p, selfTable);
  }

  static async #of(store: SealedStore, p: Primitives, selfTable: Table<SelfRecord>): Promise<State> {
    const self = selfTable.get(SELF);
    if (self === undefined) throw new MessengerError("account/not-found", {});
    if (self.format !== FORMAT) throw new MessengerError("storage/newer", { found: self.format, known: FORMAT });
    return new State(p, store, selfTable, await MessageLog.open(store));
  }

  /** This device: another one after it was renewed. */
  get device(): Device {
    return this.deviceIn(this.self);
  }

  /** The device that a record of this account says it is. */
  deviceIn(self: SelfRecord): Device {
    if (self.device === this.#device.of) return this.#device.device;
    const { of, device } = deviceOf(this.#p, self);
    if (self === this.self) this.#device = { of, device };
    return device;
  }

  get self(): SelfRecord {
    return this.selfTable.get(SELF) as SelfRecord;
  }

  /** The tables that public objects read. Every tab and process of the account follows them; a new one that is shown belongs here. */
  get shown(): readonly Table<unknown>[] {
    const { selfTable, contacts, conversations, unread, invites, backups, repairs } = this;
    return [selfTable, contacts, conversations, unread, invites, backups, repairs] as unknown as readonly Table<unknown>[];
  }

  /** The writer's own. */
  get #hidden(): readonly Table<unknown>[] {
    const { positions, sessions, outbox, receipts, held, waiting, earlyReads, prekeys, unacknowledged, healing, calls, kept } = this;
    const all = [positions, sessions, outbox, receipts, held, waiting, earlyReads, prekeys, unacknowledged, healing, calls, kept];
    return all as unknown as readonly Table<unknown>[];
  }
}

function deviceOf(p: Primitives, { device: of }: SelfRecord): { of: SelfRecord["device"]; device: Device } {
  const { id, registrationId, privateKey } = of;
  return { of, device: { id, registrationId, keys: keyPairFromPrivate(p, privateKey) } };
}
