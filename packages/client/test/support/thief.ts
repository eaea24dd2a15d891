// Somebody who copied a device's storage and its key at one moment, and from then on sees everything on the board, but writes nothing. Uses the
// client's own engine, so that whatever a device with that state could recognise or read, the thief does. Not a concern here: thieves who act.

import { decodeAppend } from "@sotto/wire";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import type { Storage } from "../../src/api.ts";
import { watchEverything } from "../../src/engine/lanes.ts";
import { Receiver } from "../../src/engine/receive.ts";
import { State } from "../../src/engine/state.ts";
import { Writer } from "../../src/engine/transaction.ts";
import { memory } from "../../src/storage/memory.ts";
import { SealedStore } from "../../src/storage/sealed-store.ts";
import type { TestRelay } from "../../src/testing/node.ts";

/** A copy of everything in a storage, under the same keeper. */
export async function copyOfStorage(storage: Storage): Promise<Storage> {
  const copy = { ...memory(), keeper: storage.keeper };
  const range = { from: new Uint8Array(), to: new Uint8Array(64).fill(255) };
  for await (const [put, value] of storage.scan(range)) await copy.batch([{ put, value }]);
  return copy;
}

/** A copied device that only listens. */
export class Thief {
  readonly #state: State;
  readonly #receiver: Receiver;
  readonly #relay: TestRelay;
  #seen: number;
  #cursor = 1_000_000;

  private constructor(state: State, writer: Writer, relay: TestRelay) {
    this.#state = state;
    this.#relay = relay;
    this.#seen = relay.seen.length;
    this.#receiver = new Receiver(state, writer, nodePrimitives(), () => relay.now().getTime());
  }

  /** Steals what is in a storage now. */
  static async of(storage: Storage, relay: TestRelay): Promise<Thief> {
    const p = nodePrimitives();
    const state = await State.load(await SealedStore.open(await copyOfStorage(storage), p), p);
    const writer = new Writer(
      state,
      p,
      () => relay.now().getTime(),
      () => undefined,
    );
    await writer.change(watchEverything);
    return new Thief(state, writer, relay);
  }

  /** Looks at what was pinned since the last look: how many cells it recognises, and the texts that it knows afterwards. */
  async look(): Promise<{ recognised: number; texts: readonly string[] }> {
    let recognised = 0;
    for (const { tag, bytes } of this.#relay.seen.slice(this.#seen)) {
      if (tag === "") continue;
      for (const cell of decodeAppend(bytes)) {
        if (this.#state.tags.get(cell.tag) !== undefined) recognised++;
        const cursor = ++this.#cursor;
        await this.#receiver.receive(this.#relay.url.origin, [{ tag: cell.tag, body: cell.body, cursor }], {
          board: new Uint8Array(16),
          cursor,
        });
      }
    }
    this.#seen = this.#relay.seen.length;
    const texts: string[] = [];
    for await (const { body } of this.#state.messages.from(0)) if (body.type === "text") texts.push(body.text);
    return { recognised, texts };
  }
}
