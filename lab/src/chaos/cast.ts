// Who plays: three people with an account each, who meet by invites and link a second device by the real pairing while everything breaks around
// them. Takes a stage; gives devices, and what they try until it is done. Not a concern here: what they do besides (schedule.ts).

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chronicle } from "./chronicle.ts";
import { DeviceProcess } from "./device-process.ts";
import { Player } from "./player.ts";
import { CallError } from "./remote-device.ts";
import type { Stage } from "./stage.ts";

const PEOPLE = ["Alice", "Bob", "Carol"] as const;
/** Attempts at a meeting or a link before it counts as impossible: a storm breaks off several. */
const ATTEMPTS = 30;

/** How often a new device is killed while it is linked, within how many ms. */
const [KILLED_WHILE_LINKING, LINKING_MS] = [0.4, 2_500];
/** Before the next attempt, ms. */
const PAUSE_MS = 200;

/** The people and their devices. */
export interface Cast {
  /** Devices that have an account, in the order in which they got it. */
  readonly players: Player[];
  /** Account id by person. */
  readonly accounts: ReadonlyMap<string, string>;
  /** What has to be done once, by whoever leads through the play: meetings and links. Each resolves when it is done. */
  readonly errands: readonly (() => Promise<void>)[];
}

/** The name of a conversation: who takes part, in the order of the alphabet. */
export function conversationOf(one: string, other: string): string {
  return one === other ? `${one}'s notes` : [one, other].toSorted().join(" and ");
}

/** Makes the accounts. */
export async function assemble(stage: Stage, folder: string, chronicle: Chronicle, random: () => number): Promise<Cast> {
  await mkdir(folder, { recursive: true });
  const player = (person: string, number: number): Player => {
    const name = `${person}${number}`;
    const place = { relay: stage.url, file: join(folder, `${name}.db`), name };
    return new Player({ name, person }, (reported) => new DeviceProcess({ ...place, reported }), chronicle);
  };
  const firsts = PEOPLE.map((person) => player(person, 1));
  const players = [...firsts];
  const accounts = new Map<string, string>();
  for (const first of firsts) {
    first.start();
    accounts.set(first.person, await first.call("create", first.person));
  }
  const meetings = firsts.flatMap((inviter, i) => firsts.slice(i + 1).map((guest) => () => meet(inviter, guest, chronicle)));
  const links = firsts.map((first) => async () => {
    const second = player(first.person, 2);
    await link(first, second, chronicle, random);
    players.push(second);
  });
  return { players, accounts, errands: [...meetings, ...links] };
}

async function meet(inviter: Player, guest: Player, chronicle: Chronicle): Promise<void> {
  await untilDone(`${guest.name} meets ${inviter.name}`, chronicle, async () => {
    await Promise.all([inviter.awake(), guest.awake()]);
    await guest.call("accept", await inviter.call("invite"));
  });
}

/** The old device reads the code of the new one. What the new one has of the account when it is cut off counts. */
async function link(old: Player, fresh: Player, chronicle: Chronicle, random: () => number): Promise<void> {
  await untilDone(`${fresh.name} is linked`, chronicle, async () => {
    await old.awake();
    await fresh.kill();
    fresh.start();
    if (random() < KILLED_WHILE_LINKING) void sleep(random() * LINKING_MS).then(() => fresh.kill());
    old.onReply((code) => void fresh.call("reply", code).catch(() => undefined));
    try {
      await old.call("scan", await fresh.call("join"));
      const joined = fresh.call("joined");
      const approved = old.call("approve", await fresh.call("joinCode"));
      approved.catch(() => undefined);
      await joined;
    } catch (error) {
      if (!(await hasAccount(fresh))) throw error;
    }
  });
}

async function hasAccount(player: Player): Promise<boolean> {
  try {
    await player.kill();
    await player.reopen();
    return true;
  } catch {
    return false;
  }
}

/** Tries again what the network or a death has broken off. */
async function untilDone(what: string, chronicle: Chronicle, attempt: () => Promise<void>): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      await attempt();
      chronicle.tell("cast", `${what} (attempt ${attempts})`);
      return;
    } catch (error) {
      chronicle.tell("cast", `${what}, but not yet: ${(error as CallError).message}`);
      if (!(error instanceof CallError) || attempts === ATTEMPTS) throw new Error(`${what}: in vain`, { cause: error });
      await sleep(PAUSE_MS);
    }
  }
}
