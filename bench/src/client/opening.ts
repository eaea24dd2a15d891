// How long it takes to open an account with a long history and to have its newest messages. Takes a client's door and its storages; gives a
// contender, whose unit is an opening.

import type { Client } from "../../../packages/client/src/api.ts";
import { positionOf } from "../../../packages/client/src/engine/message-order.ts";
import { conversationWith } from "../../../packages/client/src/records/conversation-record.ts";
import { p } from "../../../packages/client/test/support/bare-account.ts";
import { openScene, type Scene } from "../../../packages/client/test/support/scene.ts";
import { type Contender, seconds } from "../measure.ts";
import type { Place } from "./catching-up.ts";

const BATCH = 2000;
const WINDOW = 50;

/** An account that holds `messages` messages. */
export async function opening({ open, storage }: Place, messages: number, count: number): Promise<Contender> {
  const disk = storage();
  const scene = await openScene(disk);
  await fill(scene, messages);
  await scene.account.state.store.close();
  return {
    name: `open, ${messages.toLocaleString("en")} messages`,
    count,
    async run(units) {
      let took = 0;
      for (let i = 0; i < units; i++) {
        let client: Client | undefined;
        took += await seconds(async () => {
          client = await open({ relay: scene.address, transport: scene.relay.transport, storage: disk });
          const page = await client.conversations.list.get()[0]?.history();
          if (page?.items.length !== WINDOW) throw new Error("the first window is not there");
        });
        await client?.close();
      }
      return took;
    },
  };
}

async function fill({ account, friend }: Scene, messages: number): Promise<void> {
  const conversation = conversationWith(friend.id);
  for (let done = 0; done < messages; done += BATCH) {
    await account.change((tx) => {
      for (let i = done; i < Math.min(messages, done + BATCH); i++) {
        const body = { type: "text", text: `Message ${i}: see you at the station at half past eight.` } as const;
        const record = { conversation, id: p.randomBytes(16), author: friend.id, sent: account.now + i, order: i + 1, body };
        const { place } = tx.messages.add({ ...record, progress: { state: "received" } });
        tx.changeConversation(conversation, { last: { place, position: positionOf(record) } });
      }
    });
  }
}
