// How long it takes to take in what was written while one was away: from frames on the socket to a durable store. Takes a client's door and
// its storages; gives a contender, whose unit is a message. Each run opens an account that knows of none of them.

import type { OpenAccount, Storage } from "../../../packages/client/src/api.ts";
import { openScene } from "../../../packages/client/test/support/scene.ts";
import type { Contender } from "../measure.ts";

/** What runs a client where it is measured. */
export interface Place {
  readonly open: OpenAccount;
  /** An empty storage. */
  storage(): Storage;
}

/** An account that is opened when `count` messages lie on its board. */
export function catchingUp({ open, storage }: Place, count: number): Contender {
  return {
    name: "ours: board to disk",
    count,
    async run(units) {
      const disk = storage();
      const { account, relay, address, write } = await openScene(disk);
      write(units);
      await account.state.store.close();
      const begin = performance.now();
      const client = await open({ relay: address, transport: relay.transport, storage: disk });
      await client.sync();
      const took = (performance.now() - begin) / 1000;
      const unread = client.conversations.list.get()[0]?.state.get().unread;
      if (unread !== units) throw new Error(`${unread} of ${units} messages arrived`);
      await client.close();
      return took;
    },
  };
}
