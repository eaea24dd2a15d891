// The client's races as they run in a page: a client at rest, on IndexedDB. Takes what the driver asks for, gives rows. Not a concern here:
// the browser (browser.ts).

import { indexedDb, loadEverything, openAccount } from "@sotto/client/browser";
import { race, type Row } from "../measure.ts";
import { catchingUp, type Place } from "./catching-up.ts";
import { opening } from "./opening.ts";

const HISTORY = 100_000;

/** What the driver asks a page for. */
export interface Order {
  readonly what: "catch-up" | "open";
  /** Units of a run. */
  readonly count: number;
  readonly runs: number;
}

declare global {
  /** What the driver calls. */
  var raceClient: (order: Order) => Promise<readonly Row[]>;
}

globalThis.raceClient = async ({ what, count, runs }) => {
  await loadEverything();
  let databases = 0;
  const place: Place = { open: openAccount, storage: () => indexedDb(`bench ${databases++}`) };
  return await race([what === "catch-up" ? catchingUp(place, count) : await opening(place, HISTORY, count)], runs);
};
