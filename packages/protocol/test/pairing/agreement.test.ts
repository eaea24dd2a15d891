// Two honest devices: in every combination of roles they agree, the payload arrives once, and nothing of it leaves before the person has
// decided. Also under a relay that reorders and repeats.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_PAIRING_PAYLOAD } from "../../src/limits.ts";
import { PAYLOAD, START, World, begin, combinations, nameOf } from "./world.ts";

describe.each(combinations.map((combination) => ({ ...combination, name: nameOf(combination) })))("$name", (combination) => {
  const replies = combination.displays === "receive" || combination.typed;

  test("the payload arrives, and both know", () => {
    const world = new World("honest");
    const { giver, receiver, keys } = begin(world, combination);
    world.settle();
    expect(receiver.payloads).toEqual([PAYLOAD]);
    expect(giver.all("delivered")).toHaveLength(1);
    expect(receiver.all("delivered")).toHaveLength(1);
    expect([giver.state.phase, receiver.state.phase]).toEqual(["done", "done"]);
    expect(giver.all("peer")).toEqual([
      { type: "peer", info: { deviceName: "new laptop", device: { key: keys.publicKey, registrationId: 77 } } },
    ]);
  });

  test("who is asked what: one code always, the second when the new device cannot know whose code it was", () => {
    const world = new World("asked");
    const { giver, receiver } = begin(world, combination);
    world.settle();
    expect(giver.all("ask-code").map(({ code }) => code)).toEqual(["compare"]);
    expect(receiver.all("ask-code").map(({ code }) => code)).toEqual(replies ? ["reply"] : []);
    expect(receiver.shown("compare")).toMatch(/^[0-9]{6}$/);
    expect(giver.shown("reply")).toMatch(/^[0-9]{6}$/);
    expect(receiver.shown("reply")).toBeUndefined();
    expect(giver.shown("compare")).toBeUndefined();
  });

  test("nothing is handed over before the code is typed and the person has approved", () => {
    const world = new World("unapproved");
    world.person = () => undefined;
    world.approves = () => undefined;
    const { giver, receiver } = begin(world, combination);
    world.settle();
    const before = world.board.cells.length;
    expect(giver.state.phase).toBe("comparing");
    expect(() => world.send(giver, { type: "approve", payload: PAYLOAD })).toThrow("does not expect");
    world.send(giver, { type: "code", digits: receiver.shown("compare") as string });
    world.settle();
    expect(giver.state.phase).toBe("approving");
    expect(world.board.cells).toHaveLength(before);
    expect(receiver.payloads).toEqual([]);
  });

  test("if it asks for the second code, the new device gives nothing out before it is typed", () => {
    const world = new World("unreplied");
    const person = world.person;
    world.person = (asking, code) => (code === "reply" ? undefined : person(asking, code));
    const { receiver } = begin(world, combination);
    world.settle();
    expect(receiver.state.phase).toBe(replies ? "replying" : "done");
    expect(receiver.payloads).toEqual(replies ? [] : [PAYLOAD]);
  });

  test("the acknowledgement is written only when the payload is stored", () => {
    const world = new World("unstored");
    const { giver, receiver } = begin(world, combination);
    while (receiver.payloads.length === 0) {
      for (const device of world.devices) {
        const event = device.pending.shift()?.();
        if (event !== undefined) world.send(device, event);
      }
    }
    receiver.pending.length = 0;
    world.settle();
    expect(receiver.state.phase).toBe("adopting");
    expect(giver.state.phase).toBe("sent");
    world.send(receiver, { type: "adopted" });
    world.settle();
    expect(giver.state.phase).toBe("done");
  });

  test("a secret moves without any account, from an empty-handed device to another", () => {
    const world = new World("bare");
    world.approves = () => new Uint8Array(MAX_PAIRING_PAYLOAD).fill(7);
    const display = world.display("a", { role: combination.displays });
    world.scan("b", {
      role: combination.displays === "give" ? "receive" : "give",
      qrText: display.qrText.toLowerCase().replaceAll(/(.{40})/g, "$1\n"),
      typed: combination.typed,
    });
    world.settle();
    const receiver = world.devices.find(({ state }) => state.role === "receive");
    expect(receiver?.payloads).toEqual([new Uint8Array(MAX_PAIRING_PAYLOAD).fill(7)]);
  });
});

test("whatever the relay's order, and however often it repeats, the payload arrives exactly once", () => {
  const seeds = fc.record({ seed: fc.nat(), combination: fc.constantFrom(...combinations), repeats: fc.integer({ min: 1, max: 3 }) });
  fc.assert(
    fc.property(seeds, fc.infiniteStream(fc.nat()), ({ seed, combination, repeats }, chance) => {
      const world = new World(seed);
      world.relay = (cell) => Array.from({ length: repeats }, () => cell);
      world.chance = (count) => (chance.next().value as number) % count;
      const { giver, receiver } = begin(world, combination);
      world.settle();
      expect(receiver.payloads).toEqual([PAYLOAD]);
      expect([giver.state.phase, receiver.state.phase]).toEqual(["done", "done"]);
      expect([giver.all("delivered").length, receiver.all("delivered").length]).toEqual([1, 1]);
      expect([giver.failure, receiver.failure]).toEqual([undefined, undefined]);
    }),
    { numRuns: 40 },
  );
});

test("the same state and event give the same phase again: a step changes nothing in what it was given", () => {
  const world = new World("value");
  world.person = () => undefined;
  const { giver, receiver } = begin(world, { displays: "give", typed: false });
  world.settle();
  const before = giver.state;
  const digits = receiver.shown("compare") as string;
  expect(giver.step(world.p, before, { type: "code", digits }, START).state.phase).toBe("approving");
  expect(before.phase).toBe("comparing");
  expect(giver.step(world.p, before, { type: "code", digits }, START).state.phase).toBe("approving");
});
