// Random times and orders, so that the board does not show who answers whom, nor which devices are one person's (spec §4, §7, §8).

import type { Transaction } from "./transaction.ts";

/** A span of time, ms. */
export interface TimeSpan {
  readonly least: number;
  readonly most: number;
}

/** A time within the span, ms. */
export function randomBetween(tx: Pick<Transaction, "p">, { least, most }: TimeSpan): number {
  return least + randomBelow(tx, most - least);
}

/** The same items in a random order. */
export function shuffled<T>(tx: Pick<Transaction, "p">, items: readonly T[]): T[] {
  const rest = [...items];
  for (let i = rest.length - 1; i > 0; i--) {
    const j = randomBelow(tx, i + 1);
    [rest[i], rest[j]] = [rest[j] as T, rest[i] as T];
  }
  return rest;
}

/** A number below another one. A bias of 1 in 2^24 is far below what a time, or an order of at most 32, could tell. */
function randomBelow({ p }: Pick<Transaction, "p">, end: number): number {
  const [high, middle, low] = p.randomBytes(3) as unknown as [number, number, number];
  return Math.floor((end * (high * 65_536 + middle * 256 + low)) / 2 ** 24);
}
