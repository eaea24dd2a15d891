// A batch of the board is read before it is taken in: nothing of that may show.

import { newContentId, newDevice, type PublicKey, signDeviceEntry } from "@sotto/protocol";
import { beforeEach, expect, test } from "vitest";
import { signNextList } from "../../src/engine/own-list.ts";
import { Receiver } from "../../src/engine/receive.ts";
import { conversationWith } from "../../src/records/conversation-record.ts";
import type { MessageRecord } from "../../src/records/message-record.ts";
import { sessionName, type SessionRecord } from "../../src/records/session-record.ts";
import { memory } from "../../src/storage/memory.ts";
import { p } from "../support/bare-account.ts";
import { openScene, type Scene } from "../support/scene.ts";

let scene: Scene;
let received = 0;
beforeEach(async () => {
  scene = await openScene(memory());
  received = 0;
});

/** Hands over everything new on the board as one batch. */
async function receiveAll(): Promise<void> {
  const { account, relay } = scene;
  const cells = relay.cells.slice(received);
  received = relay.cells.length;
  const receiver = new Receiver(account.state, account.writer, p, () => account.now);
  await receiver.receive("http://relay.test", cells, { board: relay.board, cursor: cells.at(-1)?.cursor ?? 0 });
}

async function messages(): Promise<readonly MessageRecord[]> {
  const { account, friend } = scene;
  const found: MessageRecord[] = [];
  for await (const record of account.state.messages.conversationFrom(conversationWith(friend.id), 0)) found.push(record);
  return found;
}

test("windows move on within a batch", async () => {
  scene.write(300);
  await receiveAll();
  expect(await messages()).toHaveLength(300);
});

test("a message that comes twice in a batch, and again in the next one, is one", async () => {
  const text = scene.text();
  scene.say(text);
  scene.say(text, scene.text());
  await receiveAll();
  scene.say(text);
  await receiveAll();
  expect(await messages()).toHaveLength(2);
});

test("a list that ends a session ends it for what stands behind it in the batch", async () => {
  const { account, friend } = scene;
  const gone = sessionName((friend.devices[0] as (typeof friend.devices)[0]).keys.publicKey);
  friend.devices.push(newDevice(p, 2));
  const list = friend.list(2, friend.devices.slice(1));
  scene.write(1);
  scene.say({ type: "device-list", id: newContentId(p), sent: account.now, body: { list: list.bytes } });
  scene.write(1);
  await receiveAll();
  expect(account.state.sessions.get(gone)).toBeUndefined();
  expect(await messages()).toHaveLength(1);
});

test("what a batch says of messages of mine is found, whether they were there or not", async () => {
  const { account, friend } = scene;
  const conversation = conversationWith(friend.id);
  const id = newContentId(p);
  await account.change((tx) => {
    const sent = { conversation, id, author: tx.self.id as never, sent: 1, order: 1, body: { type: "text", text: "Hello" } } as const;
    tx.messages.add({ ...sent, progress: { state: "sent", at: 1 } });
  });
  scene.say({ type: "receipt", id: newContentId(p), sent: account.now, body: { delivered: [newContentId(p), id], read: [] } });
  await receiveAll();
  const [mine] = await messages();
  expect(mine?.progress.state).toBe("delivered");
});

test("a message that is read behind later ones is passed on to my other devices, whatever its author knows by now", async () => {
  const { account, friend, relay, address } = scene;
  const [author] = friend.devices as [(typeof friend.devices)[0]];
  await account.change(async (tx) => {
    const laptop = signDeviceEntry(p, newDevice(p, 9), tx.self.account as PublicKey, tx.now);
    await signNextList(tx, tx.self.phrase as Uint8Array, [...tx.self.list.entries, laptop]);
    const session = tx.sessions.get(sessionName(author.keys.publicKey)) as SessionRecord;
    tx.sessions.put({ ...session, knows: tx.self.list.version, told: tx.self.list.version });
  });
  const copies = (): number => account.state.waiting.size;
  scene.write(1);
  await receiveAll();
  expect(copies()).toBe(0);
  await account.change((tx) => tx.boardRead(address, { board: relay.board, cursor: 100 }));
  scene.write(1);
  await receiveAll();
  expect([copies(), (await messages()).length]).toEqual([1, 2]);
});
