// How fast cells that are somebody else's pass by: live frames as a relay sends them, decoded and looked up, with many contacts watched.
// Gives a contender; a unit is a cell.

import { BODY_BYTES, decodeLiveEvent, encodeLiveEvent, MAX_CELLS_PER_FRAME, TAG_BYTES } from "@sotto/wire";
import { Receiver } from "../../../packages/client/src/engine/receive.ts";
import { memory } from "../../../packages/client/src/storage/memory.ts";
import { p } from "../../../packages/client/test/support/bare-account.ts";
import { openScene } from "../../../packages/client/test/support/scene.ts";
import { type Contender, seconds } from "../measure.ts";

/** Tags that a contact with one device costs: the windows of its session's two chains, and the lane of its new devices. */
const TAGS_PER_CONTACT = 64 + 64 + 16;
const FRAMES = 64;

/** An account that watches for so many contacts. It is published, as the costlier case: tags may be of first contacts at its address too. */
export async function tagLookup(contacts: number, count: number): Promise<Contender> {
  const { account, friend } = await openScene(memory());
  await account.change((tx) => {
    tx.changeSelf({ published: true });
    for (let i = 0; i < contacts * TAGS_PER_CONTACT; i++) tx.tags.watch(p.randomBytes(TAG_BYTES), { kind: "session", device: friend.id });
  });
  const receiver = new Receiver(account.state, account.writer, p, () => account.now);
  const frames = Array.from({ length: FRAMES }, (_, i) => frame(i * MAX_CELLS_PER_FRAME + 1));
  return {
    name: `foreign cells, ${contacts.toLocaleString("en")} contacts`,
    count,
    run: (units) =>
      seconds(async () => {
        for (let done = 0, i = 0; done < units; done += MAX_CELLS_PER_FRAME, i++) {
          const event = decodeLiveEvent(frames[i % FRAMES] as Uint8Array);
          if (event.t !== "cells") throw new Error("not a frame of cells");
          await receiver.receive("http://relay.test", event.cells, { board: new Uint8Array(16), cursor: event.cells.at(-1)?.cursor ?? 0 });
        }
      }),
  };
}

function frame(from: number): Uint8Array {
  const cells = Array.from({ length: MAX_CELLS_PER_FRAME }, (_, i) => ({
    cursor: from + i,
    tag: p.randomBytes(TAG_BYTES),
    body: p.randomBytes(BODY_BYTES),
  }));
  return encodeLiveEvent({ t: "cells", id: 1, cells });
}
