// A run: the stage is built; the cast meets in the storm, is brought together by an honest relay, and lives on in another storm until the same
// again. After each of the two the verdict is given. Takes a seed and a length; gives findings and numbers.

import { loadEverything } from "@sotto/client";
import { seededNumbers } from "../seeded-numbers.ts";
import { assemble, type Cast, conversationOf } from "./cast.ts";
import { Chronicle } from "./chronicle.ts";
import { type Fault, Faults } from "./faults.ts";
import type { HeldConversation } from "./program.ts";
import type { CallError } from "./remote-device.ts";
import { Schedule } from "./schedule.ts";
import { ProcessStage } from "./processes/process-stage.ts";
import { SimStage } from "./sim/sim-stage.ts";
import type { Stage } from "./stage.ts";
import { systemTime } from "./time.ts";
import { type AccountView, type Finding, judge, type Outcome, type Send } from "./verdict.ts";

/** What is run. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long people live, half of it before they are brought together for the first time, ms. */
  readonly liveMs: number;
  /** Whether one of the devices lives in Chromium; `npm run chaos` has it. */
  readonly browser?: boolean;
  /** Told what is going on, a line at a time. */
  readonly progress?: (line: string) => void;
}

/** What a run found. */
export interface ChaosResult {
  readonly sent: number;
  readonly promised: number;
  readonly relayKills: number;
  readonly deviceKills: number;
  readonly browserKills: number;
  readonly faults: ReadonlyMap<Fault, number>;
  /** Errors that devices told of, by code, which the faults explain. */
  readonly complaints: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  /** For the first findings: what happened. */
  readonly stories: readonly (readonly string[])[];
}

const SYNC_MS = 20_000;
/** Between the first two rounds of that, ms: each later pause is twice as long, as long as there are so many rounds. */
const ROUND_MS = 500;
const LEAST_ROUNDS = 20;
const STORIES = 3;

/** What devices may tell of when a relay lies and lines break: it says so itself, or a false conflict burned a cell's tag, or an invite's slot. */
const EXPLAINED = new Set(["relay/misbehaving", "relay/busy", "relay/rate-limited", "relay/unreachable", "message/missing", "invite/used"]);

/** Runs it with real processes. Rejects when the cast cannot come together. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const chronicle = new Chronicle(systemTime);
  const stage = await ProcessStage.build(new Faults(options.seed), chronicle, options.browser ?? false);
  try {
    return await play(options, stage, chronicle);
  } finally {
    await stage.close();
  }
}

/** Runs it in this process, by a clock that jumps: more life per second, and the same again for the same seed. */
export async function simulatedChaos(options: ChaosOptions): Promise<ChaosResult> {
  // Parts that are loaded when they are first needed would be waited for by nobody.
  await loadEverything();
  const stage = new SimStage(options.seed, new Faults(options.seed));
  return await stage.time.during(play(options, stage, stage.chronicle));
}

async function play({ seed, liveMs, progress = () => {} }: ChaosOptions, stage: Stage, chronicle: Chronicle): Promise<ChaosResult> {
  const random = seededNumbers(seed);
  const cast = await assemble(stage, chronicle, random);
  try {
    const schedule = new Schedule(cast, stage, chronicle, random);
    let findings: readonly Finding[] = [];
    for (const known of [false, true]) {
      stage.faults.gaps = known || stage.lookedOver;
      progress(`${known ? "all know each other" : "meetings and links"}: ${liveMs / 2_000} s`);
      await schedule.live(liveMs / 2);
      progress(`${schedule.sends.length} sent; now the relay is honest, and everybody writes once more`);
      stage.clearUp();
      await schedule.farewell();
      findings = await gather(cast, schedule.sends, stage, progress);
      if (findings.length > 0) break;
    }
    findings = [...findings, ...unexplained(cast)];
    const { sends } = schedule;
    return {
      sent: sends.length,
      promised: sends.filter(({ promised }) => promised).length,
      relayKills: stage.kills,
      deviceKills: cast.players.reduce((sum, { kills }) => sum + kills, 0),
      browserKills: stage.browser?.kills ?? 0,
      faults: stage.faults.counts,
      complaints: complaintsOf(cast),
      findings,
      stories: findings
        .slice(0, STORIES)
        .map(({ number, device }) =>
          chronicle.story(number, [device, ...sends.slice(number, (number ?? -1) + 1).map((send) => send.device)]),
        ),
    };
  } finally {
    await Promise.all(cast.players.map((player) => player.kill()));
  }
}

/** Rounds of sending and receiving until nothing is wrong, or until it takes too long. */
async function gather(
  cast: Cast,
  sends: readonly Send[],
  { time, patienceMs }: Stage,
  progress: (line: string) => void,
): Promise<readonly Finding[]> {
  const end = time.now() + patienceMs;
  let wrong: number | undefined;
  for (let round = 1; ; round++) {
    for (const player of cast.players) {
      if (!player.running) await player.reopen();
      await player.call("retry");
      await player.call("sync", SYNC_MS).catch(({ code }: CallError) => progress(`${player.name} has not heard everything: ${code}`));
    }
    const held = new Map<string, readonly HeldConversation[]>();
    for (const player of cast.players) held.set(player.name, await player.call("look"));
    const views: AccountView[] = [];
    for (const player of cast.players) views.push({ person: player.person, device: player.name, digest: await player.call("digest") });
    const findings = judge({ sends, ...holdingsOf(cast, held), views });
    if (findings.length !== wrong) progress(`round ${round}: ${findings.length} things are wrong`);
    wrong = findings.length;
    if (findings.length === 0 || time.now() > end) return findings;
    await time.sleep(Math.min(ROUND_MS * 2 ** (round - 1), patienceMs / LEAST_ROUNDS));
  }
}

/** What every device holds of every conversation that its person takes part in, and what it has shown. */
function holdingsOf(
  { players, accounts }: Cast,
  held: ReadonlyMap<string, readonly HeldConversation[]>,
): Pick<Outcome, "holdings" | "showings"> {
  const holdings = players.flatMap(({ name, person }) =>
    [...accounts].map(([other, id]) => ({
      device: name,
      conversation: conversationOf(person, other),
      history: held.get(name)?.find((one) => one.with === id)?.history ?? [],
    })),
  );
  return { holdings, showings: players.map(({ name, shown }) => ({ device: name, numbers: shown })) };
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
