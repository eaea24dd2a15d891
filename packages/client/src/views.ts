// What the public objects of one client share: the engine behind them, each other, and the events. Not a concern here: what each does.

import type { ContactId, Sender } from "./api.ts";
import type { ContactBook } from "./contacts.ts";
import type { ConversationBook } from "./conversations.ts";
import type { Emitter } from "./emitter.ts";
import type { SharedEngine } from "./sharing/shared-engine.ts";
import type { MessageBook } from "./messages.ts";
import { Waker } from "./waker.ts";

/** One client's public objects. */
export class Views {
  readonly engine: SharedEngine;
  readonly events: Emitter;
  /** Woken by every commit, and for good when the client closes. */
  readonly commits = new Waker();
  /** The place in the log of messages where this client began: streams begin there unless they are told otherwise. */
  readonly openedAt: number;
  // Set once, right after construction: these know each other.
  contacts!: ContactBook;
  conversations!: ConversationBook;
  messages!: MessageBook;

  constructor(engine: SharedEngine, events: Emitter) {
    this.engine = engine;
    this.events = events;
    this.openedAt = engine.state.messages.next;
  }

  get ownId(): ContactId {
    return this.engine.state.self.id as string as ContactId;
  }

  /** Who wrote something: me, or a contact. */
  sender(id: ContactId): Sender {
    return id === this.ownId ? { id, name: this.engine.state.self.name } : this.contacts.person(id);
  }
}
