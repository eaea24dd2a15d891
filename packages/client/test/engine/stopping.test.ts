// What works in the background for an account and asks a relay leaves nothing to be done later when it is stopped: a call that waits keeps a
// process of the command line alive for minutes.

import { describe, expect, test } from "vitest";
import { BackupKeeper } from "../../src/engine/backup-keeper.ts";
import { HistoryTaker } from "../../src/engine/history-taker.ts";
import { Publisher } from "../../src/engine/publisher.ts";
import { MessengerError } from "../../src/errors.ts";
import type { RelayClient } from "../../src/relay/relay-client.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { BareAccount, NOW, p } from "../support/bare-account.ts";

/** A relay that answers nothing: what it is asked fails when the caller gives up, or when the relay is said to be down. */
class SilentRelay {
  readonly asked = Promise.withResolvers<void>();
  readonly #down = new AbortController();

  async #never({ signal }: { signal?: AbortSignal } = {}): Promise<never> {
    this.asked.resolve();
    const ends = AbortSignal.any([this.#down.signal, ...(signal === undefined ? [] : [signal])]);
    return await new Promise((_, reject) => {
      ends.addEventListener("abort", () => reject(new MessengerError("aborted", {})));
    });
  }

  goDown(): void {
    this.#down.abort();
  }

  readonly client = {
    putRecord: async (_account: unknown, _record: unknown, options: object) => await this.#never(options),
    getBlob: async (_id: unknown, options: object) => await this.#never(options),
    putBlob: async (_id: unknown, _bytes: unknown, options: object) => await this.#never(options),
  } as unknown as RelayClient;
}

const workers = {
  Publisher: async (bare: BareAccount, clock: VirtualClock, relay: SilentRelay) => {
    await bare.change((tx) => tx.changeSelf({ published: true }));
    return new Publisher(bare.state, bare.writer, clock, () => relay.client);
  },
  HistoryTaker: async (bare: BareAccount, clock: VirtualClock, relay: SilentRelay) => {
    await bare.change((tx) => tx.changeSelf({ history: { ...tx.self.history, left: { key: p.randomBytes(32), next: 1, parts: 2 } } }));
    const { state, writer } = bare;
    return new HistoryTaker({ state, writer, primitives: p, clock, relays: () => ["http://relay.test"], relay: () => relay.client });
  },
};

describe.each(Object.entries(workers))("%s", (_, make) => {
  test("leaves no call behind when it is stopped while it asks", async () => {
    const [bare, clock, relay] = [await BareAccount.open(), new VirtualClock(NOW), new SilentRelay()];
    const worker = await make(bare, clock, relay);
    worker.check();
    await relay.asked.promise;
    await worker.stop();
    expect(clock.pending).toBe(0);
  });

  test("tries again later when the relay is down", async () => {
    const [bare, clock, relay] = [await BareAccount.open(), new VirtualClock(NOW), new SilentRelay()];
    const worker = await make(bare, clock, relay);
    worker.check();
    await relay.asked.promise;
    relay.goDown();
    await expect.poll(() => clock.pending).toBe(1);
    await worker.stop();
    expect(clock.pending).toBe(0);
  });
});

test("who stops waiting for a backup that another one is making is let go, and the backup goes on", async () => {
  const [bare, clock, relay] = [await BareAccount.open(), new VirtualClock(NOW), new SilentRelay()];
  const { state, writer } = bare;
  const keeper = new BackupKeeper({ state, writer, primitives: p, clock, relay: () => relay.client });
  const first = keeper.upload();
  await relay.asked.promise;
  const impatient = new AbortController();
  const second = keeper.upload({ signal: impatient.signal });
  impatient.abort();
  await expect(second).rejects.toMatchObject({ code: "aborted" });
  await keeper.stop();
  await expect(first).rejects.toMatchObject({ code: "closed" });
});
