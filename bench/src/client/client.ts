// `npm run bench:client -- --runs 5`: how fast a client lets foreign cells pass, takes in its own, and opens. `--only tags`, `catch-up`, `open`;
// `--browser` measures the last two in Chromium. Prints what is wanted beside what was measured; it fails nothing: a machine may be busy.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openAccount, sqliteFile } from "@sotto/client";
import { type Contender, printTable, race } from "../measure.ts";
import { raceInBrowser } from "./browser.ts";
import { catchingUp, type Place } from "./catching-up.ts";
import { libsignalDecrypts } from "./libsignal-decrypts.ts";
import { opening } from "./opening.ts";
import { tagLookup } from "./tag-lookup.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, only: { type: "string" }, browser: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
const isAsked = (name: string): boolean => values.only === undefined || values.only === name;

const folder = mkdtempSync(join(tmpdir(), "sotto-bench-"));
let files = 0;
const node: Place = { open: openAccount, storage: () => sqliteFile(join(folder, String(files++), "account.sqlite")) };

/** What is measured in Node, and what is wanted of the first contender. */
const races: readonly { name: string; title: string; contenders(): Promise<readonly Contender[]> | readonly Contender[] }[] = [
  {
    name: "tags",
    title: "cells that are somebody else's, from the frame on (wanted: 200,000 a second)",
    contenders: async () => [await tagLookup(10_000, 400_000)],
  },
  {
    name: "catch-up",
    title: "10,000 messages that lie on the board, from frames to disk (wanted: 5,000 a second)",
    contenders: () => [catchingUp(node, 10_000), libsignalDecrypts(10_000)],
  },
  {
    name: "open",
    title: "an account with 100,000 messages, until its newest 50 are there (wanted: 3.3 a second)",
    contenders: async () => [await opening(node, 100_000, 3)],
  },
];

try {
  for (const { name, title, contenders } of races) {
    if (!values.browser && isAsked(name)) printTable(title, await race(await contenders(), runs));
  }
  if (values.browser) {
    if (isAsked("catch-up"))
      await raceInBrowser("the same in Chromium (wanted: 1,000 a second)", { what: "catch-up", count: 10_000, runs });
    if (isAsked("open")) await raceInBrowser("opening in Chromium (wanted: 3.3 a second)", { what: "open", count: 3, runs });
  }
} finally {
  rmSync(folder, { recursive: true });
}
