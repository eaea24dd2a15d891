// A run: the stage is built, the cast comes together, lives through what the seed has chosen, and is brought together again by an honest relay;
// then the verdict is given. Takes a seed and a length; gives findings and numbers. Not a concern here: printing.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededNumbers } from "../seeded-numbers.ts";
import { assemble, type Cast, conversationOf } from "./cast.ts";
import { Chronicle } from "./chronicle.ts";
import { Faults } from "./faults.ts";
import type { HeldConversation } from "./program.ts";
import { Schedule } from "./schedule.ts";
import { Stage } from "./stage.ts";
import { type Finding, judge, type Send } from "./verdict.ts";

/** What is run. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long people live before they are brought together, ms. */
  readonly liveMs: number;
}

/** What a run found. */
export interface ChaosResult {
  readonly sent: number;
  readonly promised: number;
  readonly relayKills: number;
  readonly deviceKills: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Errors that devices told of, by code, which the faults explain. */
  readonly complaints: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  /** For the first findings: what happened. */
  readonly stories: readonly (readonly string[])[];
}

/** How long everybody may take to know everything once the relay is honest, ms. */
const GATHER_MS = 90_000;
const SYNC_MS = 20_000;
const STORIES = 3;

/** What devices may tell of when a relay lies and lines break: it says so itself, or a cell's tag was burned by a false conflict. */
const EXPLAINED = new Set(["relay/misbehaving", "relay/busy", "relay/rate-limited", "relay/unreachable", "message/missing"]);

/** Runs it. Rejects when the cast cannot come together. */
export async function chaos({ seed, liveMs }: ChaosOptions): Promise<ChaosResult> {
  const folder = await mkdtemp(join(tmpdir(), "sotto-chaos-"));
  const chronicle = new Chronicle();
  const faults = new Faults(seed);
  const stage = await Stage.build(folder, faults, chronicle);
  let cast: Cast | undefined;
  try {
    const random = seededNumbers(seed);
    cast = await assemble(stage, join(folder, "devices"), chronicle, random);
    const schedule = new Schedule(cast, stage, chronicle, random);
    await schedule.live(liveMs);
    stage.clearUp();
    await schedule.farewell();
    const findings = [...(await gather(cast, schedule.sends)), ...unexplained(cast)];
    const { sends } = schedule;
    return {
      sent: sends.length,
      promised: sends.filter(({ promised }) => promised).length,
      relayKills: stage.kills,
      deviceKills: cast.players.reduce((sum, { kills }) => sum + kills, 0),
      faults: faults.counts,
      complaints: complaintsOf(cast),
      findings,
      stories: findings
        .slice(0, STORIES)
        .map(({ number, device }) =>
          chronicle.story(number, [device, ...sends.slice(number, (number ?? -1) + 1).map((send) => send.device)]),
        ),
    };
  } finally {
    await Promise.all((cast?.players ?? []).map((player) => player.kill()));
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rounds of sending and receiving until nothing is wrong, or until it takes too long. */
async function gather(cast: Cast, sends: readonly Send[]): Promise<readonly Finding[]> {
  const end = performance.now() + GATHER_MS;
  for (;;) {
    for (const player of cast.players) {
      if (!player.running) await player.reopen();
      await player.call("retry");
      await player.call("sync", SYNC_MS).catch(() => undefined);
    }
    const held = new Map<string, readonly HeldConversation[]>();
    for (const player of cast.players) held.set(player.name, await player.call("look"));
    const findings = verdict(cast, sends, held);
    if (findings.length === 0 || performance.now() > end) return findings;
  }
}

function verdict(
  { players, accounts }: Cast,
  sends: readonly Send[],
  held: ReadonlyMap<string, readonly HeldConversation[]>,
): readonly Finding[] {
  const holdings = players.flatMap(({ name, person }) =>
    [...accounts].map(([other, id]) => ({
      device: name,
      conversation: conversationOf(person, other),
      history: held.get(name)?.find((one) => one.with === id)?.history ?? [],
    })),
  );
  const showings = players.map(({ name, shown }) => ({ device: name, numbers: shown }));
  return judge({ sends, holdings, showings, views: [] });
}

function complaintsOf({ players }: Cast): Map<string, number> {
  const all = new Map<string, number>();
  for (const { complaints } of players) for (const [code, count] of complaints) all.set(code, (all.get(code) ?? 0) + count);
  return all;
}

/** Complaints that the faults do not explain. */
function unexplained({ players }: Cast): readonly Finding[] {
  return players.flatMap(({ name, complaints }) =>
    [...complaints]
      .filter(([code]) => !EXPLAINED.has(code))
      .map(([code, count]) => ({ kind: "unexplained", device: name, what: `${code}, ${count} times` }) as const),
  );
}
