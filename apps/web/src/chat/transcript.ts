// The messages of one open chat: the newest page, older pages on demand, then everything that arrives, in order and once.
// Takes a conversation, gives signals. Not its concern: rows, scrolling, sending.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Client, ClientEvents, Conversation, Message, Page } from "@sotto/client";
import type { Note } from "./rows.ts";

const PAGE = 60;
/** The marker of unread messages is looked for this far back; beyond it the oldest loaded message gets it. */
const UNREAD_REACH = 400;

export class Transcript {
  readonly conversation: Conversation;
  readonly messages = signal<readonly Message[]>([]);
  readonly notes = signal<readonly Note[]>([]);
  /** "opening" until the newest page is there. */
  readonly state = signal<"opening" | "open">("opening");
  readonly problem = signal<unknown>(undefined);
  /** Whether the beginning of the conversation is loaded. */
  readonly complete = signal(false);
  /** The message that the unread marker stands before, fixed when the chat is opened. */
  readonly firstUnread = signal<string | undefined>(undefined);
  readonly newest: ReadonlySignal<Message | undefined> = computed(() => this.messages.value.at(-1));

  readonly #client: Client;
  readonly #stop = new AbortController();
  #oldest: Page<Message> | undefined;
  #loading = false;

  constructor(client: Client, conversation: Conversation) {
    this.#client = client;
    this.conversation = conversation;
  }

  /** Loads the newest page and follows from then on. */
  open(): void {
    const { signal: ended } = this.#stop;
    const unread = this.conversation.state.get().unread;
    // The stream is started before the page is read, so that nothing falls between them; it is shown after the page, so that order holds.
    const stream = this.conversation.messages({ self: true, signal: ended });
    const next = stream.next();
    next.catch(() => undefined);
    void this.#begin(unread, ended).then(() => this.#follow(stream, next));
    this.#client.on("update", ({ message }) => this.#replace(message), { signal: ended });
    this.#client.on("devices-changed", (change) => this.#noteDevices(change), { signal: ended });
  }

  /** Loads one more page of history. Does nothing while one is being loaded or when there is none. */
  async older(): Promise<void> {
    if (this.#loading || this.#oldest === undefined) return;
    this.#loading = true;
    try {
      const page = await this.#oldest.before(PAGE);
      if (this.#stop.signal.aborted) return;
      this.#oldest = page;
      this.complete.value = page === undefined;
      if (page !== undefined) this.#take(page.items);
    } catch (error) {
      this.problem.value = error;
    } finally {
      this.#loading = false;
    }
  }

  /** Stops following. */
  close(): void {
    this.#stop.abort();
  }

  async #begin(unread: number, ended: AbortSignal): Promise<void> {
    try {
      let page: Page<Message> | undefined = await this.conversation.history({ limit: PAGE, signal: ended });
      let newest = page.items;
      while (newest.length < UNREAD_REACH && newest.filter((message) => message.unread).length < unread) {
        const before: Page<Message> | undefined = await page?.before(PAGE);
        if (ended.aborted) return;
        page = before;
        if (page === undefined) break;
        newest = [...page.items, ...newest];
      }
      this.#oldest = page;
      this.complete.value = page === undefined;
      this.firstUnread.value = newest.find((message) => message.unread)?.id;
      this.#take(newest);
      this.state.value = "open";
    } catch (error) {
      if (!ended.aborted) this.problem.value = error;
    }
  }

  async #follow(stream: AsyncIterator<Message>, first: Promise<IteratorResult<Message>>): Promise<void> {
    try {
      for (let next = await first; next.done !== true; next = await stream.next()) {
        this.#take([next.value]);
        // Who answers has read: the marker has done its work.
        if (next.value.mine) this.firstUnread.value = undefined;
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.problem.value = error;
    }
  }

  #take(incoming: readonly Message[]): void {
    this.messages.value = merge(this.messages.peek(), incoming);
  }

  #replace(message: Message): void {
    const known = this.messages.peek();
    if (known.some(({ id }) => id === message.id)) this.messages.value = merge(known, [message]);
  }

  #noteDevices({ contact: { id, name }, forked, restored }: ClientEvents["devices-changed"]): void {
    if (id !== this.conversation.contact?.id) return;
    const text = forked
      ? `Two different lists of ${name}’s devices were seen. Ask ${name} about it before you go on.`
      : restored
        ? `${name}’s account was restored on another device. Ask ${name} whether it was them.`
        : `${name}’s devices changed.`;
    const key = `note ${this.notes.peek().length}`;
    this.notes.value = [...this.notes.peek(), { key, after: this.newest.peek()?.id, text }];
  }
}

/** Messages of both lists, each once and where all devices show it: of two with one id the newer one takes the older one's place. */
export function merge(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  if (incoming.length === 0) return known;
  const fresh = new Map(incoming.map((message) => [message.id, message]));
  const kept = known.map((message) => {
    const newer = fresh.get(message.id);
    fresh.delete(message.id);
    return newer ?? message;
  });
  if (fresh.size === 0) return kept;
  return [...kept, ...fresh.values()].toSorted((a, b) => (a.position < b.position ? -1 : 1));
}
