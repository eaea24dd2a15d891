// Who plays: three people with an account each, who meet by invites and link a second device by the real pairing while everything breaks around
// them. Takes a stage; gives devices, and what they try until it is done. Not a concern here: what they do besides (schedule.ts).

import type { Chronicle } from "./chronicle.ts";
import { Player } from "./player.ts";
import { CallError } from "./remote-device.ts";
import type { Stage } from "./stage.ts";
import type { Time } from "./time.ts";

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
export async function assemble(stage: Stage, chronicle: Chronicle, random: () => number): Promise<Cast> {
  const player = (person: string, number: number): Player => new Player(person, number, stage, chronicle);
  const errand = new Errands(stage.time, chronicle, random);
  const firsts = PEOPLE.map((person) => player(person, 1));
  const players = [...firsts];
  const accounts = new Map<string, string>();
  for (const first of firsts) {
    first.start();
    accounts.set(first.person, await first.call("create", first.person));
  }
  const meetings = firsts.flatMap((inviter, i) => firsts.slice(i + 1).map((guest) => () => errand.meet(inviter, guest)));
  // Where a device has several lives at a time, the others open the account that the first one has brought.
  const others = (person: string, number: number): (() => Promise<void>)[] =>
    Array.from({ length: stage.livesOf(`${person}${number}`) - 1 }, (_, i) => async () => {
      const other = new Player(person, number, stage, chronicle, "bcde"[i]);
      await errand.join(other);
      players.push(other);
    });
  const links = firsts.map((first) => async () => {
    const second = player(first.person, 2);
    await errand.link(first, second);
    players.push(second);
    for (const open of others(first.person, 2)) await open();
  });
  return { players, accounts, errands: [...meetings, ...links, ...firsts.flatMap(({ person }) => others(person, 1))] };
}

/** What is tried until it is done. */
class Errands {
  readonly #time: Time;
  readonly #chronicle: Chronicle;
  readonly #random: () => number;

  constructor(time: Time, chronicle: Chronicle, random: () => number) {
    this.#time = time;
    this.#chronicle = chronicle;
    this.#random = random;
  }

  /** Another process or tab of a device opens the account. */
  async join(other: Player): Promise<void> {
    await this.#untilDone(`${other.name} is opened`, async () => {
      await other.kill();
      await other.reopen();
    });
  }

  async meet(inviter: Player, guest: Player): Promise<void> {
    await this.#untilDone(`${guest.name} meets ${inviter.name}`, async () => {
      await Promise.all([inviter.awake(), guest.awake()]);
      await guest.call("accept", await inviter.call("invite"));
    });
  }

  /** The old device reads the code of the new one. What the new one has of the account when it is cut off counts. */
  async link(old: Player, fresh: Player): Promise<void> {
    await this.#untilDone(`${fresh.name} is linked`, async () => {
      await old.awake();
      await fresh.kill();
      fresh.start();
      if (this.#random() < KILLED_WHILE_LINKING) void this.#time.sleep(this.#random() * LINKING_MS).then(() => fresh.kill());
      old.onReply((code) => void fresh.call("reply", code).catch(() => undefined));
      try {
        await old.call("scan", await fresh.call("join"));
        const joined = fresh.call("joined");
        joined.catch(() => undefined);
        const approved = old.call("approve", await fresh.call("joinCode"));
        approved.catch(() => undefined);
        await joined;
      } catch (error) {
        if (!(await hasAccount(fresh))) throw error;
      }
    });
  }

  /** Tries again what the network or a death has broken off. */
  async #untilDone(what: string, attempt: () => Promise<void>): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      try {
        await attempt();
        this.#chronicle.tell("cast", `${what} (attempt ${attempts})`);
        return;
      } catch (error) {
        this.#chronicle.tell("cast", `${what}, but not yet: ${(error as CallError).message}`);
        if (!(error instanceof CallError) || attempts === ATTEMPTS) throw new Error(`${what}: in vain`, { cause: error });
        await this.#time.sleep(PAUSE_MS);
      }
    }
  }
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
