// Making a device of an account, with a process that dies at any write of either side. Once the new device has the account, the link is
// completed whatever happens; if it has not, the old device is as it was and can begin again.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { memory } from "../../src/storage/memory.ts";
import { deathsAt, type Death, FragileStorage } from "../support/fragile-storage.ts";
import { onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.inMemory()));
afterAll(async () => await world.close());

/** Opens a person again whose process may have died. */
async function revived(person: Person): Promise<Person> {
  world.abandon(person);
  const { storage } = person;
  return await world.reopen(storage instanceof FragileStorage ? storage.inner : (storage as MemoryStorage));
}

/** Who is listed, by name. */
const listed = ({ client }: Person): readonly string[] => client.devices.list.get().map(({ name }) => name);

/** All of them write, and all read all. */
async function talk(people: readonly Person[]): Promise<void> {
  await settle(...people, ...people);
  for (const [index, person] of people.entries()) await onlyChat(person).send(`from ${index}`);
  await settle(...people, ...people);
  for (const person of people) {
    expect((await texts(onlyChat(person))).toSorted()).toEqual(people.map((_, index) => `from ${index}`));
  }
}

/** Links with a death; gives how many writes there were and whether the new device came to be. */
async function link(side: "giver" | "taker", death?: Death): Promise<{ writes: number; joined: boolean }> {
  const phoneDisk = new FragileStorage(memory());
  const { alice: phone, bob } = await world.pair({ inviter: { storage: phoneDisk } });
  const laptopDisk = new FragileStorage(memory(), side === "taker" ? death : undefined);
  const before = phoneDisk.writes;
  if (side === "giver" && death !== undefined) phoneDisk.doom({ ...death, at: before + death.at });
  let leaving = false;
  phone.network.before = async ({ pathname }, { method }) => void (leaving ||= method === "PUT" && pathname.startsWith("/v1/blobs/"));
  const linking = world.device(phone, "link", { storage: laptopDisk, deviceName: "Laptop", alone: true });
  const died = side === "giver" ? phoneDisk.died : laptopDisk.died;
  const laptop = await Promise.race([linking.catch(() => undefined), died.then(() => undefined)]);
  // A giver that dies once the blob is on its way leaves a taker that gets the account: pairing itself writes nothing.
  const late = laptop ?? (side === "giver" && leaving ? await linking : undefined);
  // The giver signs the new device in when it comes back, and the new one introduces itself: either may die over that, too.
  if (late !== undefined) await Promise.race([died, settle(phone, late, phone).catch(() => undefined)]);
  const writes = side === "giver" ? phoneDisk.writes - before : laptopDisk.writes;
  const again = side === "giver" ? await revived(phone) : phone;
  if (late === undefined) {
    const other = await world.device(again, "link", { deviceName: "Tablet" });
    await talk([again, other, bob]);
    expect(listed(again)).toEqual(["Test device", "Tablet"]);
    return { writes, joined: false };
  }
  await talk([again, side === "taker" ? await revived(late) : late, bob]);
  expect(listed(again)).toEqual(["Test device", "Laptop"]);
  return { writes, joined: true };
}

for (const side of ["giver", "taker"] as const) {
  test(`the ${side} may die at any write of the hand-over`, { timeout: 120_000 }, async () => {
    const { writes, joined } = await link(side);
    expect([joined, writes > 1]).toEqual([true, true]);
    for (let at = 1; at <= writes; at += 2) {
      await Promise.all([at, at + 1].flatMap(deathsAt).map((death) => link(side, death)));
    }
  });
}
