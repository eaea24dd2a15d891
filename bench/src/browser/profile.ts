// A sampled profile of Chromium as a table: the functions that the time went to. Takes what the DevTools protocol gives.

/** The part of `Profiler.Profile` that is read. */
export interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly lineNumber: number } }[];
  readonly samples?: readonly number[] | undefined;
}

const SHOWN = 25;

/** Prints the functions with most samples, by their own time, without what they call. */
export function printProfile({ nodes, samples = [] }: Profile): void {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName || "(anonymous)"} :${callFrame.lineNumber + 1}`]));
  const counts = new Map<string, number>();
  for (const id of samples) counts.set(names.get(id) ?? "?", (counts.get(names.get(id) ?? "?") ?? 0) + 1);
  process.stdout.write("\nown time of each function\n");
  for (const [name, count] of [...counts].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN)) {
    process.stdout.write(`  ${((100 * count) / samples.length).toFixed(1).padStart(5)} %  ${name}\n`);
  }
}
