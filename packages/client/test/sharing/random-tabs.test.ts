// Tabs of one account that come and go as they like while they all send: whatever was accepted is there once, in every tab and at the other side.

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lostAndRepeated, onlyChat, type Person, texts, World } from "../support/world.ts";

const RUNS = process.env["SOTTO_THOROUGH"] === "1" ? 60 : 6;

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

/** One thing that happens: to a tab, counted from the oldest; `settled`: whether the next thing waits for it. */
interface Step {
  readonly what: "open" | "send" | "answer" | "close" | "kill";
  readonly tab: number;
  readonly settled: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step["what"][]>("open", "send", "send", "send", "answer", "close", "kill", "kill"),
  tab: fc.nat(4),
  settled: fc.boolean(),
});

async function life(steps: readonly Step[]): Promise<void> {
  const { alice, bob } = await world.pair();
  const disk = alice.storage;
  const living: Person[] = [alice];
  const accepted: string[] = [];
  const answered: string[] = [];
  const send = async (person: Person, text: string): Promise<void> => {
    await onlyChat(person).send(text);
    accepted.push(text);
  };
  for (const [i, { what, tab, settled }] of steps.entries()) {
    const chosen = living[tab % living.length] as Person;
    let done: Promise<unknown> = Promise.resolve();
    if (what === "open" && living.length < 5) done = world.tab({ ...alice, storage: disk }).then((opened) => living.push(opened));
    if (what === "send") done = send(chosen, `a${i}`);
    if (what === "answer")
      done = onlyChat(bob)
        .send(`b${i}`)
        .then(() => answered.push(`b${i}`));
    if ((what === "close" || what === "kill") && living.length > 1) {
      living.splice(living.indexOf(chosen), 1);
      if (what === "close") done = chosen.client.close();
      else world.kill(chosen);
    }
    // What a tab asked that is dead by now is never answered.
    done.catch(() => undefined);
    if (settled ? what !== "send" : what === "open") await done;
  }
  // Who is still there is answered.
  const [one] = living as [Person];
  await send(one, "last");
  await one.client.sync();
  await bob.client.sync();
  await one.client.sync();
  const stored = await texts(onlyChat(one));
  expect(lostAndRepeated([...accepted, ...answered], stored)).toEqual({ lost: [], repeated: [] });
  expect((await texts(onlyChat(bob))).toSorted()).toEqual(stored.toSorted());
  for (const other of living) {
    await other.client.sync();
    expect(await texts(onlyChat(other))).toEqual(stored);
    expect(onlyChat(other).state.get().lastMessage?.text).toBe(stored.at(-1));
    expect(onlyChat(other).state.get().unread).toBe(answered.length);
  }
  await Promise.all([...living, bob].map(async ({ client }) => await client.close()));
}

test("tabs that come and go lose nothing and repeat nothing", { timeout: 30_000 + RUNS * 5_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), life), { numRuns: RUNS, endOnFailure: true });
});
