// How long it takes to open an account with a long history and to have its newest messages. Gives a contender; a unit is an opening.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAccount, sqliteFile } from "@sotto/client";
import { positionOf } from "../../../packages/client/src/engine/message-order.ts";
import { conversationWith } from "../../../packages/client/src/records/conversation-record.ts";
import { p } from "../../../packages/client/test/support/bare-account.ts";
import { type Contender, seconds } from "../measure.ts";
import { openScene } from "../../../packages/client/test/support/scene.ts";

const BATCH = 2000;

/** An account on a disk that holds `messages` messages. Call `remove` in the end. */
export async function opening(messages: number, count: number): Promise<Contender & { remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "sotto-bench-"));
  const storage = sqliteFile(join(folder, "account.sqlite"));
  const { account, friend, relay } = await openScene(storage);
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
  await account.state.store.close();
  return {
    name: `open, ${messages.toLocaleString("en")} messages`,
    count,
    async run(units) {
      let took = 0;
      for (let i = 0; i < units; i++) {
        const opened = { relay: relay.url, transport: relay.transport, storage: sqliteFile(join(folder, "account.sqlite")) };
        let client: Awaited<ReturnType<typeof openAccount>> | undefined;
        took += await seconds(async () => {
          client = await openAccount(opened);
          const page = await client.conversations.list.get()[0]?.history();
          if (page?.items.length !== 50) throw new Error("the first window is not there");
        });
        await client?.close();
      }
      return took;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
