// Random times, so that the board does not show who answers whom (spec §7, §8).

import type { Transaction } from "./transaction.ts";

/** A span of time, ms. */
export interface TimeSpan {
  readonly least: number;
  readonly most: number;
}

/** A time within the span, ms. */
export function randomBetween(tx: Pick<Transaction, "p">, { least, most }: TimeSpan): number {
  const [high, middle, low] = tx.p.randomBytes(3) as unknown as [number, number, number];
  return least + Math.floor(((most - least) * (high * 65_536 + middle * 256 + low)) / 2 ** 24);
}
