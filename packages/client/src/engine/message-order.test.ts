import fc from "fast-check";
import { expect, test } from "vitest";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import type { ContactId, ConversationId } from "../api.ts";
import type { MessageRecord } from "../records/message-record.ts";
import { memory } from "../storage/memory.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { MessageLog } from "./message-log.ts";
import { nextOrder, positionOf } from "./message-order.ts";

const LAST = Number.MAX_SAFE_INTEGER;
const conversation = "c" as ConversationId;

type Said = Omit<MessageRecord, "place">;
const number = fc.oneof(fc.nat(3), fc.constantFrom(255, 256, 2 ** 32, LAST - 1, LAST));
const said: fc.Arbitrary<Said> = fc.record({
  conversation: fc.constant(conversation),
  id: fc.uint8Array({ minLength: 16, maxLength: 16, max: 1 }),
  author: fc.constantFrom("a" as ContactId, "b" as ContactId),
  sent: number,
  order: number,
  body: fc.constant({ type: "text", text: "" } as const),
  progress: fc.constant({ state: "received" } as const),
});
const conversationOf = fc.uniqueArray(said, { maxLength: 40, selector: positionOf });

async function logOf(messages: readonly Said[]): Promise<MessageLog> {
  const store = await SealedStore.create(memory(), nodePrimitives());
  const log = await MessageLog.open(store);
  for (const message of [...messages, ...messages.map((one) => ({ ...one, conversation: "another" as ConversationId }))]) {
    const draft = log.draft();
    draft.add(message);
    await store.commit(draft.changes(store));
    draft.apply();
  }
  return log;
}

async function read(log: MessageLog, walk: { from?: string; backwards?: boolean }): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const record of log.inOrder(conversation, walk)) found.push(positionOf(record));
  return found;
}

test("in whatever order messages came, they are read in one order, from anywhere, both ways", async () => {
  await fc.assert(
    fc.asyncProperty(conversationOf, fc.nat(), async (messages, pick) => {
      const log = await logOf(messages);
      const sorted = messages
        .toSorted((a, b) => a.order - b.order || a.sent - b.sent || Buffer.compare(a.id, b.id) || (a.author < b.author ? -1 : 1))
        .map(positionOf);
      expect(await read(log, {})).toEqual(sorted);
      expect(await read(log, { backwards: true })).toEqual(sorted.toReversed());
      const at = sorted.length === 0 ? 0 : pick % sorted.length;
      const from = sorted[at];
      if (from === undefined) return;
      expect(await read(log, { from })).toEqual(sorted.slice(at + 1));
      expect(await read(log, { from, backwards: true })).toEqual(sorted.slice(0, at).toReversed());
    }),
    { numRuns: 60 },
  );
});

test("a message stands after all that its author had seen, until a peer has used up the counter", () => {
  const message = { order: 7, sent: 1, id: new Uint8Array(16), author: "a" as ContactId };
  expect(nextOrder(undefined)).toBe(1);
  expect(nextOrder(positionOf(message))).toBe(8);
  expect(nextOrder(positionOf({ ...message, order: LAST - 1 }))).toBe(LAST);
  expect(nextOrder(positionOf({ ...message, order: LAST }))).toBe(LAST);
});
