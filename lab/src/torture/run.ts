// A run: writers and readers at work while the relay is killed again and again at moments that the seed chooses; then everybody catches up, a
// new reader reads everything from the start, and the verdict is given.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seededNumbers } from "../seeded-numbers.ts";
import { Reader, type Sabotage } from "./reader.ts";
import { RelayProcess } from "../../../e2e/src/relay-process.ts";
import { judge, type Verdict } from "./verdict.ts";
import { write } from "./writer.ts";

/** What is run. */
export interface TortureOptions {
  readonly seed: number;
  readonly kills: number;
  readonly writers: number;
  readonly readers: number;
  /** A relay's life is counted in acknowledged cells, so that slow machines kill at the same points; the seed chooses how many, up to this. */
  readonly lifeCells: number;
  /** For the first reader, to prove that the verdict sees. */
  readonly sabotage?: Sabotage;
  readonly progress?: (line: string) => void;
}

/** A relay that acknowledges nothing is killed after this all the same. */
const MAX_LIFE_MS = 10_000;
/** The kill comes within this after the last cell, so that it falls anywhere between two commits. */
const MAX_DELAY_MS = 20;
/** A relay that is killed while it starts is killed within this. */
const MAX_START_MS = 700;

/** Runs it. Rejects if the relay does not come back, or breaks its contract in a way that is not counted. */
export async function torture(options: TortureOptions): Promise<Verdict> {
  const { seed, kills, writers, readers, lifeCells, sabotage, progress = () => {} } = options;
  const dataDir = await mkdtemp(join(tmpdir(), "sotto-torture-"));
  const relay = new RelayProcess({ dataDir });
  try {
    await relay.start();
    const url = (): string => relay.url;
    const acknowledged = new Set<number>();
    const stopWriting = new AbortController();
    const stopReading = new AbortController();
    let next = 0;
    const writing = { url, run: seed, next: () => next++, acknowledged, stop: stopWriting.signal };
    const reading = Array.from({ length: readers }, (_, i) => new Reader(url, seed, i === 0 ? sabotage : undefined));
    const work = Promise.all([
      ...Array.from({ length: writers }, () => write(writing)),
      ...reading.map((reader) => reader.read(stopReading.signal)),
    ]);
    const killing = async (): Promise<void> => {
      const random = seededNumbers(seed);
      for (let kill = 1; kill <= kills; kill++) {
        const before = acknowledged.size;
        await life(acknowledged, before + random() * lifeCells);
        await sleep(random() * MAX_DELAY_MS);
        await relay.kill();
        progress(`kill ${kill}: ${acknowledged.size - before} cells acknowledged since the last one`);
        if (random() < 0.25) await relay.startAndKill(random() * MAX_START_MS);
        await relay.start();
      }
      // Whoever was in the middle of a cell gets its answer, and a run that killed too fast gets something to lose.
      while (acknowledged.size < 10 * writers) await sleep(20);
      stopWriting.abort();
      stopReading.abort();
    };
    await Promise.all([killing(), work]);
    const fresh = new Reader(url, seed);
    for (const reader of [...reading, fresh]) await reader.catchUp();
    return judge(
      acknowledged,
      [...reading, fresh].map(({ received }) => received),
    );
  } finally {
    await relay.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Resolves when so many cells are acknowledged, or the relay has lived long enough. */
async function life(acknowledged: ReadonlySet<number>, cells: number): Promise<void> {
  const end = performance.now() + MAX_LIFE_MS;
  while (acknowledged.size < cells && performance.now() < end) await sleep(5);
}
