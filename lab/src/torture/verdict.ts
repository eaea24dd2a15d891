// What a run proves: compares what writers were told with what readers got. Pure, so that its own failures can be tried out.

/** A cell as a reader got it; `number` is undefined if the body was not the number's own. */
export interface ReceivedCell {
  readonly cursor: number;
  readonly number: number | undefined;
}

/** The result of a run: nothing but `acknowledged` may be above zero. */
export interface Verdict {
  /** Cells whose writer was told that they are stored. */
  readonly acknowledged: number;
  /** Acknowledged cells that a reader did not get, summed over readers. */
  readonly lost: number;
  /** Cells that a reader got twice, under one cursor or two. */
  readonly repeated: number;
  /** Places where a reader's cursors did not grow, or where two readers saw different cells under one cursor. */
  readonly disordered: number;
  /** Cells with a body that nobody wrote. */
  readonly damaged: number;
}

/** Judges acknowledged numbers and what each reader got, in the order of arrival over all its connections. */
export function judge(acknowledged: ReadonlySet<number>, readers: readonly (readonly ReceivedCell[])[]): Verdict {
  const byCursor = new Map<number, number | undefined>();
  let [lost, repeated, disordered, damaged] = [0, 0, 0, 0];
  for (const received of readers) {
    const seen = new Set<number>();
    let last = 0;
    for (const { cursor, number } of received) {
      if (cursor <= last) disordered++;
      else if (byCursor.has(cursor) && byCursor.get(cursor) !== number) disordered++;
      byCursor.set(cursor, number);
      last = Math.max(last, cursor);
      if (number === undefined) damaged++;
      else if (seen.has(number)) repeated++;
      else seen.add(number);
    }
    for (const number of acknowledged) if (!seen.has(number)) lost++;
  }
  return { acknowledged: acknowledged.size, lost, repeated, disordered, damaged };
}

/** Whether the run found nothing, and had something to find. */
export function isClean(verdict: Verdict): boolean {
  const { acknowledged, lost, repeated, disordered, damaged } = verdict;
  return acknowledged > 0 && lost + repeated + disordered + damaged === 0;
}
