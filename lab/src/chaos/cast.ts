// Who plays: three people with two devices each, who have met by invites and linked their second devices by the real pairing. Takes a stage;
// gives devices that all know each other. Not a concern here: what they do then (schedule.ts).

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Chronicle } from "./chronicle.ts";
import { DeviceProcess } from "./device-process.ts";
import { Player } from "./player.ts";
import type { Stage } from "./stage.ts";

const PEOPLE = ["Alice", "Bob", "Carol"] as const;
/** For one round of sending and receiving, ms: the relay is near and, here, honest. */
const SYNC_MS = 20_000;
/** Rounds until everybody knows everybody: invite, claim, card, list, introduction, answer, each for two devices. */
const ROUNDS = 12;

/** The people, their devices, and how to tell their accounts apart. */
export interface Cast {
  readonly players: readonly Player[];
  /** Account id by person. */
  readonly accounts: ReadonlyMap<string, string>;
}

/** The name of a conversation: who takes part, in the order of the alphabet. */
export function conversationOf(one: string, other: string): string {
  return one === other ? `${one}'s notes` : [one, other].toSorted().join(" and ");
}

/** Makes the accounts and brings everybody together. */
export async function assemble(stage: Stage, folder: string, chronicle: Chronicle): Promise<Cast> {
  await mkdir(folder, { recursive: true });
  const player = (person: string, number: number): Player => {
    const name = `${person}${number}`;
    const place = { relay: stage.url, file: join(folder, `${name}.db`), name };
    return new Player({ name, person }, (reported) => new DeviceProcess({ ...place, reported }), chronicle);
  };
  const firsts = PEOPLE.map((person) => player(person, 1));
  const seconds = PEOPLE.map((person) => player(person, 2));
  const accounts = new Map<string, string>();
  for (const first of firsts) {
    first.start();
    accounts.set(first.person, await first.call("create", first.person));
  }
  for (const [i, inviter] of firsts.entries()) {
    for (const guest of firsts.slice(i + 1)) await guest.call("accept", await inviter.call("invite"));
  }
  const cast = { players: [...firsts, ...seconds], accounts };
  for (const [i, first] of firsts.entries()) await link(first, seconds[i] as Player);
  await acquaint(cast);
  return cast;
}

/** The old device reads the code of the new one. */
async function link(old: Player, fresh: Player): Promise<void> {
  fresh.start();
  old.onReply((code) => void fresh.call("reply", code));
  await old.call("scan", await fresh.call("join"));
  await Promise.all([old.call("approve", await fresh.call("joinCode")), fresh.call("joined")]);
}

/** Until every device has every conversation open and knows of every own device. */
async function acquaint({ players }: Cast): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const player of players) await player.call("sync", SYNC_MS);
    const known = await Promise.all(players.map(async (player) => await knowsAll(player)));
    if (known.every(Boolean)) return;
  }
  throw new Error("the cast did not come together");
}

async function knowsAll(player: Player): Promise<boolean> {
  const held = await player.call("look");
  return held.length === PEOPLE.length && held.every(({ phase }) => phase === "open") && (await player.call("deviceCount")) === 2;
}
