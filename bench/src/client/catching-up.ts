// How long it takes to take in what was written while one was away: from frames on the socket to a durable store. Gives contenders; a unit
// is a message. Each run opens an account that knows of none of them.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAccount, sqliteFile } from "@sotto/client";
import type { CiphertextMessage } from "@signalapp/libsignal-client";
import { encodeLiveEvent, type LiveEvent } from "@sotto/wire";
import { FakeRelay } from "../../../packages/client/test/support/fake-relay.ts";
import { type Contender, seconds } from "../measure.ts";
import { meet } from "../session/libsignal.ts";
import { openScene } from "../../../packages/client/test/support/scene.ts";

/** An account on a disk for which `count` messages lie on the board. Call `remove` in the end. */
export async function catchingUp(count: number): Promise<Contender & { remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "sotto-bench-"));
  const original = join(folder, "original");
  const scene = await openScene(sqliteFile(join(original, "account.sqlite")));
  await scene.account.state.store.close();
  scene.write(count);
  const { cells } = scene.relay;
  // The relay's work is not what is measured: the unmeasured run makes the frames.
  const frames = new Map<string, Uint8Array>();
  const twist = (event: LiveEvent): LiveEvent | Uint8Array => {
    if (event.t !== "cells") return event;
    const name = `${event.cells[0]?.cursor} ${event.cells.length}`;
    const frame = frames.get(name) ?? encodeLiveEvent(event);
    frames.set(name, frame);
    return frame;
  };
  let run = 0;
  return {
    name: "ours: board to disk",
    count,
    async run(units) {
      const copy = join(folder, String(run++));
      cpSync(original, copy, { recursive: true });
      const relay = new FakeRelay();
      relay.twist = twist;
      for (const { tag, body } of cells.slice(0, units)) relay.append(tag, body);
      const begin = performance.now();
      const client = await openAccount({
        relay: relay.url,
        transport: relay.transport,
        storage: sqliteFile(join(copy, "account.sqlite")),
      });
      await client.sync();
      const took = (performance.now() - begin) / 1000;
      const unread = client.conversations.list.get()[0]?.state.get().unread;
      if (unread !== units) throw new Error(`${unread} of ${units} messages arrived`);
      await client.close();
      rmSync(copy, { recursive: true });
      return took;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** libsignal opens so many messages of one sender, its state written out and read back at each; nothing is kept of them. */
export async function libsignalDecrypts(count: number): Promise<Contender> {
  return {
    name: "libsignal 0.103.0: decrypt alone",
    count,
    async run(units) {
      const pair = await meet(true);
      await pair.send(1);
      const messages: CiphertextMessage[] = [];
      for (let i = 0; i < units; i++) messages.push(await pair.encrypt(0));
      return await seconds(async () => {
        for (const message of messages) await pair.decrypt(0, message);
      });
    },
  };
}
