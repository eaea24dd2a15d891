// What a device does on command: a small messenger around the public SDK, the same in a process and in a page. Takes the SDK and where the
// account is kept; gives an answer for each task, and reports what it shows and what goes wrong. Not a concern here: how tasks and reports
// travel (device.ts, page.ts).

import type {
  Client,
  ClientOptions,
  ContactId,
  Conversation,
  CreateAccount,
  Cursor,
  JoinAsDevice,
  JoinSession,
  LinkRequest,
  Message,
  OpenAccount,
} from "@sotto/client";
import { accountDigest } from "@sotto/client/testing";
import { numberIn, textOf } from "./numbered-texts.ts";

/** The code of a task about somebody whom the device does not know yet. */
export const STRANGER = "chaos/stranger";

/** The functions of `@sotto/client` that a device uses. */
export interface DeviceSdk {
  readonly createAccount: CreateAccount;
  readonly openAccount: OpenAccount;
  readonly joinAsDevice: JoinAsDevice;
}

/** What a device tells without being asked. */
export type Report =
  /** A message was shown; `cursor` is where to go on. */
  | { readonly report: "shown"; readonly number: number; readonly cursor: string }
  | { readonly report: "error"; readonly code: string; readonly message: string }
  /** The old device of a pairing asks for this code on the new one. */
  | { readonly report: "reply"; readonly code: string };

/** One conversation as a device holds it. */
export interface HeldConversation {
  /** Account id of the other person; this account's own for notes. */
  readonly with: string;
  readonly phase: "asking" | "open";
  readonly name: string;
  readonly unread: number;
  /** Numbers of the messages, oldest first; -1 for what nobody wrote. */
  readonly history: readonly number[];
  /** My messages that are not with the relay. */
  readonly unsent: readonly number[];
}

/** A device's tasks; each answers with values that travel as JSON. */
export class DeviceProgram {
  readonly #sdk: DeviceSdk;
  readonly #options: ClientOptions;
  readonly #timeLimit: (ms: number) => AbortSignal;
  readonly #report: (report: Report) => void;
  #client: Client | undefined;
  #join: JoinSession | undefined;
  #request: LinkRequest | undefined;

  /** @param timeLimit a signal that aborts after so many ms */
  constructor(sdk: DeviceSdk, options: ClientOptions, timeLimit: (ms: number) => AbortSignal, report: (report: Report) => void) {
    this.#sdk = sdk;
    this.#options = options;
    this.#timeLimit = timeLimit;
    this.#report = report;
  }

  /** Makes an account; gives its id. */
  async create(name: string): Promise<string> {
    return this.#have(await this.#sdk.createAccount({ ...this.#options, name }), "start");
  }

  /** Opens the account that is here, and shows what came after `cursor`. */
  async open(cursor: string): Promise<string> {
    return this.#have(await this.#sdk.openAccount(this.#options), cursor);
  }

  /** Begins to join an account; gives the text of the code. */
  async join(): Promise<string> {
    this.#join = await this.#sdk.joinAsDevice(this.#options);
    return this.#join.qr.text;
  }

  /** The code that this new device shows. */
  async joinCode(): Promise<string> {
    return await this.#joining().checkCode;
  }

  /** The second code, to be typed when it is asked for. */
  async reply(code: string): Promise<void> {
    const session = this.#joining();
    session.state.subscribe((state) => {
      if (state === "reply") void session.confirm(code);
    });
  }

  /** Waits until this device has joined. */
  async joined(): Promise<string> {
    return this.#have(await this.#joining().client, "start");
  }

  /** Reads the code of a new device. */
  async scan(qrText: string): Promise<void> {
    this.#request = await this.#open().devices.scan(qrText);
  }

  /** Lets the new device in, with the code that it shows. */
  async approve(code: string): Promise<void> {
    const request = this.#request as LinkRequest;
    request.replyCode.subscribe((reply) => {
      if (reply !== undefined) this.#report({ report: "reply", code: reply });
    });
    await request.approve({ code });
  }

  /** A new invite's link. */
  async invite(): Promise<string> {
    return (await this.#open().invites.create()).url;
  }

  /** Accepts an invite. */
  async accept(url: string): Promise<void> {
    await this.#open().invites.accept(url);
  }

  /** Sends a numbered text; once this answers, it is promised. */
  async send(to: string, number: number): Promise<void> {
    await (await this.#conversation(to)).send(textOf(number));
  }

  async markRead(of: string): Promise<void> {
    await (await this.#conversation(of)).markRead();
  }

  async rename(of: string, name: string): Promise<void> {
    await this.#open()
      .contacts.list.get()
      .find(({ id }) => id === (of as ContactId))
      ?.rename(name);
  }

  async callMe(name: string): Promise<void> {
    await this.#open().updateProfile({ name });
  }

  /** Sends and receives whatever there is. */
  async sync(timeoutMs: number): Promise<void> {
    await this.#open().sync({ signal: this.#timeLimit(timeoutMs) });
  }

  /** Tries again what could not be sent. */
  async retry(): Promise<void> {
    for (const conversation of await this.#conversations()) {
      for (const message of await everything(conversation)) if (message.status.state === "failed") await message.retry();
    }
  }

  /** Everything that this device holds. */
  async look(): Promise<readonly HeldConversation[]> {
    return await Promise.all((await this.#conversations()).map((conversation) => held(conversation, this.#open().id)));
  }

  /** What this account's devices must agree on, as text. */
  async digest(): Promise<string> {
    return JSON.stringify(await accountDigest(this.#open()));
  }

  async close(): Promise<void> {
    await this.#open().close();
  }

  #open(): Client {
    if (this.#client === undefined) throw new Error("there is no account here yet");
    return this.#client;
  }

  #joining(): JoinSession {
    if (this.#join === undefined) throw new Error("this device is not joining");
    return this.#join;
  }

  #have(client: Client, cursor: string): string {
    this.#client = client;
    client.on("error", ({ code, message }) => this.#report({ report: "error", code, message }));
    void this.#show(client, cursor);
    return client.id;
  }

  async #show(client: Client, cursor: string): Promise<void> {
    for await (const message of client.messages({ after: cursor as Cursor | "start", self: true })) {
      this.#report({ report: "shown", number: numberIn(message.text), cursor: message.cursor });
    }
  }

  async #conversations(): Promise<readonly Conversation[]> {
    const client = this.#open();
    const notes = await client.conversations.notes();
    return [notes, ...client.conversations.list.get().filter(({ kind }) => kind === "direct")];
  }

  async #conversation(person: string): Promise<Conversation> {
    const client = this.#open();
    if (person === client.id) return await client.conversations.notes();
    const found = client.conversations.list.get().find(({ contact }) => contact?.id === person);
    if (found === undefined) throw Object.assign(new Error("they have not met, as far as this device knows"), { code: STRANGER });
    return found;
  }
}

async function everything(conversation: Conversation): Promise<readonly Message[]> {
  return (await conversation.history({ limit: 100_000 })).items;
}

async function held(conversation: Conversation, self: string): Promise<HeldConversation> {
  const messages = await everything(conversation);
  const { phase, name, unread } = conversation.state.get();
  const unsent = messages.filter(({ status }) => status.state === "queued" || status.state === "failed");
  return {
    with: conversation.contact?.id ?? self,
    phase,
    name,
    unread,
    history: messages.map(({ text }) => numberIn(text)),
    unsent: unsent.map(({ text }) => numberIn(text)),
  };
}
