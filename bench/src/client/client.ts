// `npm run bench:client -- --runs 5`: how fast a client lets foreign cells pass, takes in its own, and opens. `--only tags`, `catch-up`, `open`.
// Prints what is wanted beside what was measured; it fails nothing, because a machine may be busy.

import { parseArgs } from "node:util";
import { type Contender, printTable, race } from "../measure.ts";
import { catchingUp, libsignalDecrypts } from "./catching-up.ts";
import { opening } from "./opening.ts";
import { tagLookup } from "./tag-lookup.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "5" }, only: { type: "string" } } });
const runs = Number(values.runs);

/** What is measured: the contenders, and what is wanted of the first. */
const races: readonly { name: string; title: string; contenders(): Promise<readonly (Contender & { remove?(): void })[]> }[] = [
  {
    name: "tags",
    title: "cells that are somebody else's, from the frame on (wanted: 200,000 a second)",
    contenders: async () => [await tagLookup(10_000, 400_000)],
  },
  {
    name: "catch-up",
    title: "10,000 messages that lie on the board, from frames to disk (wanted: 5,000 a second)",
    contenders: async () => [await catchingUp(10_000), await libsignalDecrypts(10_000)],
  },
  {
    name: "open",
    title: "an account with 100,000 messages, until its newest 50 are there (wanted: 3.3 a second)",
    contenders: async () => [await opening(100_000, 3)],
  },
];

for (const { name, title, contenders } of races) {
  if (values.only !== undefined && values.only !== name) continue;
  const racing = await contenders();
  printTable(title, await race(racing, runs));
  for (const { remove } of racing) remove?.();
}
