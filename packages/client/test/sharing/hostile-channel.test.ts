// What another process of the same person might say on the channel of a store: nothing that is not sealed is heard, and nothing that is sealed
// and makes no sense changes anything.

import { nodePrimitives } from "@sotto/protocol/primitives/node";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StorageChannel } from "../../src/api.ts";
import { type ChannelMessage, decodeMessage, encodeMessage } from "../../src/sharing/channel-message.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { SealedStore } from "../../src/storage/sealed-store.ts";
import { complaints, onlyChat, type Person, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

/** Somebody who has the store's key, beside two tabs; what they hear, and a way to speak. */
async function intruder(): Promise<{
  tabs: readonly [Person, Person];
  store: SealedStore;
  channel: StorageChannel;
  heard: ChannelMessage[];
}> {
  const { alice } = await world.pair();
  const tabs = [alice, await world.tab(alice)] as const;
  await onlyChat(tabs[1]).send("before");
  const store = await SealedStore.join((alice.storage as MemoryStorage).another(), nodePrimitives());
  const heard: ChannelMessage[] = [];
  const channel = (await store.channel({ received: (bytes) => heard.push(decodeMessage(bytes)) })) as StorageChannel;
  return { tabs, store, channel, heard };
}

/** Everybody has heard what was posted so far, and goes on as before. */
async function unharmed(tabs: readonly [Person, Person], after: readonly string[]): Promise<void> {
  const text = `still here ${after.length}`;
  await onlyChat(tabs[1]).send(text);
  await onlyChat(tabs[0]).send(text);
  const all = [...after, text, text];
  for (const tab of tabs) expect(await texts(onlyChat(tab))).toEqual(all);
}

test("what is not sealed is not heard", async () => {
  const { tabs } = await intruder();
  const raw = (await (tabs[0].storage as MemoryStorage).another().join?.({ received: () => undefined })) as StorageChannel;
  for (const noise of fc.sample(fc.uint8Array({ maxLength: 200 }), { numRuns: 200, seed: 1 })) raw.post(noise);
  raw.post(encodeMessage({ type: "erased" }));
  await unharmed(tabs, ["before"]);
  for (const tab of tabs) expect(complaints(tab)).toEqual([]);
});

test("sealed noise is reported, and changes nothing", async () => {
  const { tabs, channel } = await intruder();
  channel.post(Uint8Array.of(1, 2, 3));
  await unharmed(tabs, ["before"]);
  for (const tab of tabs) expect(complaints(tab)).toEqual(["argument/invalid"]);
});

test("calls that make no sense get an error, and change nothing", async () => {
  const { tabs, channel, heard } = await intruder();
  const calls: [string, unknown[]][] = [
    ["no such command", []],
    ["__proto__", []],
    ["settled", ["nowhere"]],
    ["sendText", [1, { text: null }]],
    ["acceptInvite", ["no link", new Uint8Array(3), true]],
    ["keepInvite", [null]],
    ["prepareContact", [{ list: new Uint8Array(9) }]],
  ];
  calls.forEach(([name, given], i) => channel.post(encodeMessage({ type: "call", id: String(i).repeat(32), name, given })));
  await unharmed(tabs, ["before"]);
  const failed = heard.flatMap((message) => (message.type === "failure" ? message.id[0] : []));
  expect(failed.toSorted()).toEqual(calls.map((_, i) => String(i)));
});

test("commits that make no sense are not followed", async () => {
  const { tabs, channel, heard } = await intruder();
  channel.post(encodeMessage({ type: "hello" }));
  await onlyChat(tabs[1]).send("more");
  const welcome = heard.find((message) => message.type === "welcome");
  expect(welcome).toBeDefined();
  let number = (heard.findLast((message) => message.type === "commit") as { number: number }).number;
  const sound = (heard.findLast((message) => message.type === "commit") as { inside: object }).inside;
  const wrong: unknown[] = [null, 1, [], {}, { ...sound, tables: { nowhere: [] } }, { ...sound, tables: { self: [["self", 1]] } }];
  wrong.push({ ...sound, added: [{}] }, { ...sound, next: "1" }, { ...sound, happenings: [{ type: 1 }] }, { ...sound, happenings: [null] });
  for (const inside of wrong) {
    channel.post(encodeMessage({ type: "commit", writer: welcome?.writer as string, number: ++number, inside }));
  }
  // A writer that there is none of.
  channel.post(encodeMessage({ type: "commit", writer: "ab".repeat(16), number: 1, inside: sound }));
  await unharmed(tabs, ["before", "more"]);
  expect(complaints(tabs[0])).toEqual([]);
  expect(new Set(complaints(tabs[1]))).toEqual(new Set(["argument/invalid"]));
});
