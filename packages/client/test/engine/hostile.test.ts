// Relays and others that do not play by the rules: taken tags, cells that are damaged, repeated, withheld or shuffled.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CELLS_MEDIA_TYPE, decodeAppend, decodeLiveEvent, encodeAppend, encodeLiveEvent, type LiveEvent } from "@sotto/wire";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { complaints, messagesOf, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

/** Somebody pins other bytes under the tags of this person's next cells, `times` times, just before them. */
function jam({ network }: Person, times: number): void {
  let left = times;
  const taken = new Map<string, Promise<unknown>>();
  network.before = async ({ pathname }, { body }) => {
    if (pathname !== "/v1/cells" || left === 0) return;
    left--;
    const [record] = decodeAppend(body as Uint8Array);
    if (record === undefined || taken.has(record.tag.join())) return;
    const jammed = encodeAppend([{ ...record, body: record.body.map((byte) => byte ^ 0xff) }]);
    const posted = fetch(`${world.relay}/v1/cells`, {
      method: "POST",
      body: jammed as Uint8Array<ArrayBuffer>,
      headers: { "content-type": CELLS_MEDIA_TYPE },
    });
    taken.set(record.tag.join(), posted);
    expect((await posted).status).toBe(200);
  };
}

/** Changes the cells that a person's relay pushes. */
function twistCells({ network }: Person, twist: (cells: Extract<LiveEvent, { t: "cells" }>) => readonly LiveEvent[]): void {
  network.twist = (frame) => {
    const event = decodeLiveEvent(frame);
    return event.t === "cells" ? twist(event).map((one) => encodeLiveEvent(one) as Uint8Array) : [frame];
  };
}

describe("a taken tag", { timeout: 60_000 }, () => {
  test("burns an index, and the message goes under the next", async () => {
    const { alice, bob, bobChat, aliceChat } = await world.pair();
    jam(bob, 2);
    const message = await bobChat.send("twice jammed");
    await message.sent;
    await settle(alice);
    expect(await texts(aliceChat)).toEqual(["twice jammed"]);
    expect(complaints(bob)).toEqual([]);
    expect(complaints(alice)).toEqual(["message/missing"]);
  });

  test("three times in a row stops sending until the person has decided, and then loses nothing", async () => {
    const clock = new VirtualClock(Date.now());
    const { alice, bob, bobChat, aliceChat } = await world.pair({ inviter: { clock }, accepter: { clock } });
    jam(bob, 3);
    await bobChat.send("jammed");
    await settle(bob);
    await bobChat.send("written meanwhile");
    await settle(bob, alice);
    expect(complaints(bob)).toEqual(["session/peer-or-clone"]);
    expect(await texts(aliceChat)).toEqual([]);
    expect((await messagesOf(bobChat)).map(({ status }) => status.state)).toEqual(["queued", "queued"]);
    const [question] = bob.client.recovery.questions.get();
    if (question?.kind !== "clone") throw new Error("there is no question");
    expect([question.contact?.name, question.sign]).toEqual(["Alice", "taken"]);
    await question.proceed();
    expect(bob.client.recovery.questions.get()).toEqual([]);
    await settle(bob, alice);
    await clock.advance(61_000);
    await settle(alice, bob, alice);
    expect(await texts(aliceChat)).toEqual(["jammed", "written meanwhile"]);
    expect((await messagesOf(bobChat)).map(({ status }) => status.state)).toEqual(["sent", "sent"]);
    expect(bob.client.recovery.questions.get()).toEqual([]);
  });
});

describe("a taken tag of one of two devices", { timeout: 60_000 }, () => {
  test("keeps nothing from the other one once the person has decided", async () => {
    const clock = new VirtualClock(Date.now());
    const { alice, bob, bobChat, aliceChat } = await world.pair({ inviter: { clock }, accepter: { clock } });
    const laptop = await world.device(alice, "link", { clock });
    await settle(alice, laptop, bob, laptop, alice, bob);
    jam(bob, 3);
    await bobChat.send("jammed");
    await settle(bob);
    expect(complaints(bob)).toEqual(["session/peer-or-clone"]);
    const [question] = bob.client.recovery.questions.get();
    if (question?.kind !== "clone") throw new Error("there is no question");
    await question.proceed();
    for (let turn = 0; turn < 3; turn++) {
      await settle(bob, alice, laptop, bob);
      await clock.advance(61_000);
    }
    await settle(alice, laptop);
    for (const chat of [aliceChat, onlyChat(laptop)]) expect(await texts(chat)).toEqual(["jammed"]);
  });
});

describe("a relay", { timeout: 60_000 }, () => {
  test("that damages cells is noticed by nobody but the feed, and cannot forge a message", async () => {
    const { alice, bob, bobChat, aliceChat } = await world.pair();
    let damaged = 0;
    twistCells(alice, (event) => {
      damaged++;
      return [{ ...event, cells: event.cells.map((cell) => ({ ...cell, body: cell.body.with(100, (cell.body[100] as number) ^ 1) })) }];
    });
    await (
      await bobChat.send("damaged on the way")
    ).sent;
    await settle(alice);
    expect(damaged).toBeGreaterThan(0);
    expect(await texts(aliceChat)).toEqual([]);
    alice.network.twist = (frame) => [frame];
    await (
      await bobChat.send("whole")
    ).sent;
    await settle(bob, alice);
    // What the relay has unharmed is read once the next message shows the gap.
    await expect.poll(async () => await texts(aliceChat)).toEqual(["damaged on the way", "whole"]);
    expect(complaints(alice)).toContain("message/missing");
  });

  test("that withholds a cell is found out by the next, once", async () => {
    const { alice, bob, bobChat, aliceChat } = await world.pair();
    await (
      await bobChat.send("one")
    ).sent;
    await settle(alice);
    let withheld: Uint8Array | undefined;
    bob.network.before = async (_, { body }) => void (withheld ??= decodeAppend(body as Uint8Array)[0]?.tag);
    twistCells(alice, (event) => {
      const cells = event.cells.filter(({ tag }) => tag.join() !== withheld?.join());
      return cells.length === 0 ? [] : [{ ...event, cells }];
    });
    for (const text of ["withheld", "three", "four"]) await (await bobChat.send(text)).sent;
    await settle(bob, alice);
    expect(await texts(aliceChat)).toEqual(["one", "three", "four"]);
    expect(complaints(alice)).toEqual(["message/missing"]);
  });

  test("that shuffles cells delays nothing and loses nothing", async () => {
    const { alice, bob, bobChat, aliceChat } = await world.pair();
    alice.network.cut();
    const written = Array.from({ length: 12 }, (_, i) => `message ${i}`);
    for (const text of written) await bobChat.send(text);
    await settle(bob);
    let shuffled = 0;
    twistCells(alice, (event) => {
      const cells = event.cells.map((cell, i) => ({ ...(event.cells.at(-1 - i) as typeof cell), cursor: cell.cursor }));
      shuffled = Math.max(shuffled, cells.length);
      return [{ ...event, cells }];
    });
    alice.network.heal();
    await settle(alice);
    expect(shuffled).toBeGreaterThan(1);
    expect((await texts(aliceChat)).toSorted()).toEqual(written.toSorted());
  });

  test("that repeats everything from the beginning makes nothing appear twice", async () => {
    const { alice, bob, bobChat, aliceChat } = await world.pair();
    for (const text of ["one", "two", "three"]) await bobChat.send(text);
    await settle(bob, alice);
    // What a relay does that has lost its board and was given an old copy of it: other identity, same cells.
    alice.network.twist = (frame) => {
      const event = decodeLiveEvent(frame);
      return [event.t === "subscribed" ? (encodeLiveEvent({ ...event, board: new Uint8Array(16).fill(9) }) as Uint8Array) : frame];
    };
    await settle(alice).catch(() => undefined);
    await settle(alice);
    expect(await texts(aliceChat)).toEqual(["one", "two", "three"]);
    await bobChat.send("four");
    await settle(bob, alice);
    expect(await texts(aliceChat)).toEqual(["one", "two", "three", "four"]);
  });

  test("that refuses a cell for good makes its message fail, and the next one goes", async () => {
    const { alice, bob, bobChat, aliceChat } = await world.pair();
    let refused = 0;
    bob.network.intercept = ({ pathname }) =>
      pathname === "/v1/cells" && refused++ === 0 ? new Response(null, { status: 400 }) : undefined;
    const message = await bobChat.send("refused");
    await expect(message.sent).rejects.toMatchObject({ code: "send/failed" });
    await bobChat.send("next").then(({ sent }) => sent);
    await settle(alice);
    expect(await texts(aliceChat)).toEqual(["next"]);
    expect(complaints(bob)).toEqual(["relay/rejected"]);
  });
});
