// People as apps see them: contacts, and strangers who wait for an answer. Takes contact records; gives one `Contact` object a person for as
// long as the client is open. Not a concern here: how people meet.

import type { PublicKey } from "@sotto/protocol";
import { refuseAborted } from "./aborted.ts";
import type {
  Cancellable,
  Contact,
  ContactId,
  ContactRequest,
  Contacts,
  Conversation,
  Profile,
  SafetyNumber,
  ScanResult,
  Trust,
} from "./api.ts";
import type { Commit } from "./engine/transaction.ts";
import { MessengerError } from "./errors.ts";
import { trustIn } from "./engine/trust.ts";
import { later } from "./later.ts";
import { LiveValue } from "./live.ts";
import { checkName } from "./names.ts";
import { conversationWith } from "./records/conversation-record.ts";
import type { ContactRecord } from "./records/contact-record.ts";
import type { Views } from "./views.ts";

/** Everybody this account knows. */
export class ContactBook implements Contacts {
  readonly list = new LiveValue<readonly Contact[]>([]);
  readonly requests = new LiveValue<readonly ContactRequest[]>([]);
  readonly #views: Views;
  readonly #people = new Map<ContactId, ContactView>();

  constructor(views: Views) {
    this.#views = views;
    this.#update();
  }

  async get(id: ContactId): Promise<Contact | undefined> {
    const record = this.#views.engine.state.contacts.get(id);
    return record !== undefined && isKnown(record) ? this.person(id) : undefined;
  }

  /** The one object of a person. */
  person(id: ContactId): ContactView {
    const person = this.#people.get(id) ?? new ContactView(this.#views, id);
    this.#people.set(id, person);
    return person;
  }

  /** Follows a commit. */
  refresh({ contacts, happenings }: Commit): void {
    if (contacts.size > 0) this.#update();
    for (const happening of happenings) {
      if (happening.type === "request") {
        const request = this.requests.get().find(({ id }) => id === happening.contact);
        if (request !== undefined) this.#views.events.emit("request", request);
      } else if (happening.type === "devices-changed") {
        const { contact, forked, restored } = happening;
        this.#views.events.emit("devices-changed", { contact: this.person(contact), forked, restored });
      }
    }
  }

  #update(): void {
    const records = [...this.#views.engine.state.contacts.values()];
    const known = records.filter(isKnown).map(({ id }) => this.person(id));
    this.list.set(known.toSorted((a, b) => a.name.localeCompare(b.name)));
    const before = new Map(this.requests.get().map((request) => [request.id, request]));
    const waiting = records.filter(({ phase }) => phase === "request").toSorted((a, b) => a.met - b.met);
    this.requests.set(waiting.map((record) => before.get(record.id) ?? new Request(this.#views, record)));
  }
}

class ContactView implements Contact {
  readonly id: ContactId;
  readonly #views: Views;

  constructor(views: Views, id: ContactId) {
    this.#views = views;
    this.id = id;
  }

  get name(): string {
    return nameOf(this.#record, this.id);
  }

  get trust(): Trust {
    return this.#record === undefined ? "unverified" : trustIn(this.#record);
  }

  async rename(name: string): Promise<void> {
    checkName(name);
    await this.#views.engine.run("renameContact", this.id, name === "" ? null : name);
  }

  async conversation(): Promise<Conversation> {
    return this.#views.conversations.show(conversationWith(this.id));
  }

  async safetyNumber(): Promise<SafetyNumber> {
    return await (await later.verifying()).numberBetween(this.#views, this.#account());
  }

  async verifyScan(qrText: string): Promise<ScanResult> {
    const result = (await later.verifying()).compareScan(this.#views, this.id, this.#account(), qrText);
    if (result === "match") await this.setVerified(true);
    return result;
  }

  async setVerified(verified: boolean): Promise<void> {
    await this.#views.engine.run("verifyContact", this.id, verified);
  }

  #account(): PublicKey {
    if (this.#record === undefined) throw new MessengerError("argument/invalid", { reason: "this contact is not known any more" });
    return this.#record.account as PublicKey;
  }

  get #record(): ContactRecord | undefined {
    return this.#views.engine.state.contacts.get(this.id);
  }
}

class Request implements ContactRequest {
  readonly id: ContactId;
  readonly received: Date;
  readonly #views: Views;

  constructor(views: Views, record: ContactRecord) {
    this.#views = views;
    this.id = record.id;
    this.received = new Date(record.met);
  }

  get from(): Profile {
    return { name: nameOf(this.#views.engine.state.contacts.get(this.id), this.id) };
  }

  async accept({ signal }: Cancellable = {}): Promise<Conversation> {
    refuseAborted(signal);
    await this.#views.engine.run("acceptStranger", this.id);
    return this.#views.conversations.show(conversationWith(this.id));
  }

  async decline({ block = false, signal }: { block?: boolean } & Cancellable = {}): Promise<void> {
    refuseAborted(signal);
    await this.#views.engine.run("declineStranger", this.id, block);
  }
}

/** What a person is called here: by me, else by themselves, else by the beginning of their id. */
function nameOf(record: ContactRecord | undefined, id: ContactId): string {
  const name = record?.alias ?? record?.name ?? "";
  return name === "" ? `${id.slice(0, 12)}…` : name;
}

function isKnown({ phase }: ContactRecord): boolean {
  return phase === "open" || phase === "asking";
}
