import type { Client, Conversation, Message, Page } from "@sotto/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merge, Transcript } from "./transcript.ts";

const message = (n: number, state = "queued", mine = false): Message =>
  ({ id: `m${n}`, position: String(n).padStart(4, "0"), status: { state }, mine }) as unknown as Message;
const ids = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);

describe("joining messages", () => {
  test("a page of history goes before, a new message after, and one that was long on its way between", () => {
    const shown = merge([message(5), message(7)], [message(3), message(4)]);
    expect(ids(merge(shown, [message(8)]))).toEqual(["m3", "m4", "m5", "m7", "m8"]);
    expect(ids(merge(shown, [message(6)]))).toEqual(["m3", "m4", "m5", "m6", "m7"]);
  });

  test("what arrives twice is shown once, in its place, with its newest status", () => {
    const shown = merge([message(1), message(2)], [message(1, "sent"), message(3)]);
    expect(ids(shown)).toEqual(["m1", "m2", "m3"]);
    expect(shown[0]?.status.state).toBe("sent");
  });

  test("however a conversation is cut into overlapping pages and arrivals, each message is shown once and in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(80), fc.integer({ min: 1, max: 9 }), fc.nat(4), (total, cut, step, overlap) => {
        const all = Array.from({ length: total }, (_, n) => message(n));
        let shown: readonly Message[] = [];
        for (let end = Math.min(cut, total); end > 0; end -= step) shown = merge(shown, all.slice(Math.max(0, end - step), end + overlap));
        shown = merge(shown, all.slice(Math.max(0, cut - overlap)));
        expect(ids(shown)).toEqual(ids(all));
      }),
    );
  });
});

/** A conversation of `total` messages, all of the other side, whose stream and events the test plays. */
function played(total: number, unread: number) {
  const all = Array.from({ length: total }, (_, n) => ({ ...message(n), unread: n >= total - unread }) as Message);
  const page = (end: number, limit: number): Page<Message> => ({
    items: all.slice(Math.max(0, end - limit), end),
    before: async (more = 50) => (end > limit ? page(end - limit, more) : undefined),
    after: async () => undefined,
  });
  const arriving: Message[] = [];
  let wake = (): void => undefined;
  async function* stream(): AsyncGenerator<Message> {
    for (;;) {
      const next = arriving.shift();
      if (next !== undefined) yield next;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    }
  }
  const listeners = new Map<string, (value: unknown) => void>();
  const conversation = {
    state: { get: () => ({ unread }) },
    messages: stream,
    history: async ({ limit }: { limit: number }) => page(total, limit),
    contact: { id: "anna", name: "Anna" },
  } as unknown as Conversation;
  const client = { on: (event: string, listener: (value: unknown) => void) => listeners.set(event, listener) } as unknown as Client;
  const arrive = (next: Message): void => {
    arriving.push(next);
    wake();
  };
  return {
    transcript: new Transcript(client, conversation),
    arrive,
    emit: (event: string, value: unknown) => listeners.get(event)?.(value),
  };
}

/** Lets everything that is settled be followed by what waits for it. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

describe("an open chat", () => {
  test("what arrives while the newest page is read comes after it, once", async () => {
    const { transcript, arrive } = played(3, 0);
    transcript.open();
    arrive(message(2));
    arrive(message(3));
    await settled();
    expect(transcript.state.value).toBe("open");
    expect(ids(transcript.messages.value)).toEqual(["m0", "m1", "m2", "m3"]);
  });

  test("older pages come before, until the beginning is there", async () => {
    const { transcript } = played(150, 0);
    transcript.open();
    await settled();
    expect(transcript.complete.value).toBe(false);
    for (let i = 0; i < 3; i++) await transcript.older();
    expect(ids(transcript.messages.value)).toEqual(Array.from({ length: 150 }, (_, n) => `m${n}`));
    expect(transcript.complete.value).toBe(true);
  });

  test("the unread marker is looked for beyond the first page, and goes when the person answers", async () => {
    const { transcript, arrive } = played(150, 100);
    transcript.open();
    await settled();
    expect(transcript.firstUnread.value).toBe("m50");
    arrive(message(150));
    await settled();
    expect(transcript.firstUnread.value).toBe("m50");
    arrive(message(151, "queued", true));
    await settled();
    expect(transcript.firstUnread.value).toBeUndefined();
  });

  test("a new status and a change of devices are shown; those of others are not", async () => {
    const { transcript, emit } = played(2, 0);
    transcript.open();
    await settled();
    emit("update", { message: message(1, "delivered") });
    emit("update", { message: message(77, "delivered") });
    emit("devices-changed", { contact: { id: "anna", name: "Anna" }, forked: false });
    emit("devices-changed", { contact: { id: "bo", name: "Bo" }, forked: false });
    emit("devices-changed", { contact: { id: "anna", name: "Anna" }, forked: false, restored: true });
    expect(transcript.messages.value.map(({ status }) => status.state)).toEqual(["queued", "delivered"]);
    expect(transcript.notes.value.map(({ after }) => after)).toEqual(["m1", "m1"]);
    expect(transcript.notes.value.map(({ text }) => text.includes("restored"))).toEqual([false, true]);
  });

  test("a history that cannot be read is said, not swallowed", async () => {
    const { transcript } = played(2, 0);
    const broken = new Error("no disk");
    Object.assign(transcript.conversation, { history: async () => await Promise.reject(broken) });
    transcript.open();
    await settled();
    expect(transcript.problem.value).toBe(broken);
    expect(transcript.state.value).toBe("opening");
  });
});
