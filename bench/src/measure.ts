// How things are measured: each contender does the same work in turn, run after run, so that a machine whose speed drifts slows all of
// them alike. Medians are reported, and ratios run by run.

/** One contender of a race: does `count` units of work and gives the seconds it took. */
export interface Contender {
  readonly name: string;
  run(count: number): Promise<number> | number;
  /** Units a run does; slow contenders do fewer. */
  readonly count: number;
}

export interface Row {
  readonly name: string;
  /** Units a second. */
  readonly median: number;
  /** Median of the ratios to the reference, run by run. */
  readonly ratio: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Runs every contender once unmeasured, then `runs` times in turn. The last one is the reference of the ratios. */
export async function race(contenders: readonly Contender[], runs: number): Promise<Row[]> {
  for (const contender of contenders) await contender.run(Math.max(1, Math.round(contender.count / 4)));
  const speeds = contenders.map((): number[] => []);
  for (let i = 0; i < runs; i++) {
    for (const [index, contender] of contenders.entries()) {
      speeds[index]?.push(contender.count / (await contender.run(contender.count)));
    }
  }
  const reference = speeds.at(-1) ?? [];
  return contenders.map(({ name }, index) => {
    const own = speeds[index] ?? [];
    return { name, median: median(own), ratio: median(own.map((speed, i) => speed / (reference[i] ?? Number.NaN))) };
  });
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<void> | void): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

export function printTable(title: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${title}\n`);
  const reference = rows.at(-1)?.name ?? "";
  for (const { name, median: speed, ratio } of rows) {
    const times = name === reference ? "" : `${ratio.toFixed(2)} x ${reference}`;
    process.stdout.write(`  ${name.padEnd(34)} ${Math.round(speed).toLocaleString("en").padStart(10)} /s   ${times}\n`);
  }
}
