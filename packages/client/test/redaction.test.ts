// Nothing that an application can hold shows a key when it is printed: stores, storages, running pairings and what they give.

import { inspect } from "node:util";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { expect, test } from "vitest";
import type { Client } from "../src/api.ts";
import { LiveValue } from "../src/live.ts";
import { startJoin } from "../src/pairing/join.ts";
import { memory } from "../src/storage/memory.ts";
import { SealedStore } from "../src/storage/sealed-store.ts";
import { VirtualClock } from "../src/testing/virtual-clock.ts";
import { FakeRelay } from "./support/fake-relay.ts";

/** Primitives that remember every secret that was drawn. */
function watched(): { p: ReturnType<typeof nodePrimitives>; drawn: Uint8Array[] } {
  const drawn: Uint8Array[] = [];
  const source = nodePrimitives();
  const p = nodePrimitives((length) => {
    const bytes = source.randomBytes(length);
    if (length >= 32) drawn.push(bytes.slice());
    return bytes;
  });
  return { p, drawn };
}

/** Which secrets are in what `console.log` would show at its most talkative, as numbers or as hexadecimal. */
function shown(value: unknown, secrets: readonly Uint8Array[]): number {
  const text = inspect(value, { depth: 20, showHidden: true, maxArrayLength: null, getters: true }).replaceAll(/\s+/g, " ");
  const forms = (bytes: Uint8Array): string[] => [
    [...bytes.subarray(0, 8)].join(", "),
    Buffer.from(bytes.subarray(0, 8))
      .toString("hex")
      .replaceAll(/(..)(?=.)/g, "$1 "),
  ];
  return secrets.filter((secret) => forms(secret).some((form) => text.includes(form))).length;
}

test("a store shows no key, its storage neither", async () => {
  const { p, drawn } = watched();
  const storage = memory();
  const store = await SealedStore.create(storage, p);
  await store.commit([{ table: "t", key: Uint8Array.of(1), value: p.randomBytes(32) }]);
  expect(drawn.length).toBeGreaterThanOrEqual(2);
  expect(shown([store, storage], drawn)).toBe(0);
});

test("a pairing shows no key, and neither does its code to who may not see it", async () => {
  const { p, drawn } = watched();
  const [relay, clock] = [new FakeRelay(), new VirtualClock()];
  const joining = startJoin(
    { primitives: p, transport: relay.transport, clock },
    {
      relay: relay.url,
      deviceName: "laptop",
      adopt: async () => ({ devices: { history: new LiveValue({ done: 0, total: 0 }) } }) as unknown as Client,
    },
  );
  await clock.advance(100);
  const session = await joining;
  expect(drawn.length).toBeGreaterThanOrEqual(3);
  expect(shown(session, drawn)).toBe(0);
  session.cancel();
});

test("and the search finds a key that is shown", () => {
  const secret = nodePrimitives().randomBytes(32);
  expect(shown({ deep: { inside: [secret] } }, [secret])).toBe(1);
  expect(shown({ buffer: Buffer.from(secret) }, [secret])).toBe(1);
});
