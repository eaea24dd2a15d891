// Draws spec/pairing-states.md from the transition table, so that page and code cannot differ. `node diagram.ts --write` renews the page;
// diagram.test.ts compares.

import { readFileSync, writeFileSync } from "node:fs";
import type { PairingPhase } from "../../src/pairing/state.ts";
import { type Row, lasts, readsStop, table, writesStop } from "../../src/pairing/table.ts";

const page = new URL("../../../../spec/pairing-states.md", import.meta.url);

const sides: readonly { title: string; first: PairingPhase; guards: readonly Row["when"][] }[] = [
  { title: "The giver displays the code", first: "waiting", guards: ["give"] },
  { title: "The giver reads the code", first: "claiming", guards: ["give"] },
  { title: "The receiver displays the code", first: "waiting", guards: ["receive", "asks for a reply"] },
  { title: "The receiver reads the code", first: "claiming", guards: ["receive", "asks for a reply", "asks for none"] },
];

/** The page as the table wants it. */
export function drawPage(): string {
  return `${[
    "# Pairing: states",
    "Generated from `packages/protocol/src/pairing/table.ts` by `node packages/protocol/test/pairing/diagram.ts --write`; a test compares.",
    "The rules are in [06-pairing.md](06-pairing.md). From every phase with a limit, `failed` follows a refused message, a wrong code, a cell of ours that others occupied, a stop cell, the person's *cancel* and the end of the time.",
    ...sides.map(draw),
    "## Phases",
    phases(),
  ].join("\n\n")}\n`;
}

/** The page as it is. */
export function readPage(): string {
  return readFileSync(page, "utf8");
}

function draw({ title, first, guards }: (typeof sides)[number]): string {
  const rows = reachable(first, (row) => row.when === undefined || guards.includes(row.when));
  const arrows = rows.map((row) => `  ${row.from} --> ${row.to}: ${row.on}${condition(row)} / ${row.run}`);
  return [`## ${title}`, "", "```mermaid", "stateDiagram-v2", `  [*] --> ${first}`, ...arrows, "  done --> [*]", "```"].join("\n");
}

// The role is the diagram's; only what it leaves open stands beside the arrow.
function condition({ when }: Row): string {
  return when === "asks for a reply" || when === "asks for none" ? ` [${when}]` : "";
}

function reachable(first: PairingPhase, allowed: (row: Row) => boolean): Row[] {
  const found: Row[] = [];
  const phasesToVisit: PairingPhase[] = [first];
  for (const phase of phasesToVisit) {
    for (const row of table.filter((it) => it.from === phase && allowed(it))) {
      found.push(row);
      if (!phasesToVisit.includes(row.to)) phasesToVisit.push(row.to);
    }
  }
  return found;
}

function phases(): string {
  const yes = (set: ReadonlySet<PairingPhase>, phase: PairingPhase): string => (set.has(phase) ? "yes" : "no");
  const lines = (Object.keys(lasts) as (keyof typeof lasts)[]).map(
    (phase) => `| ${phase} | ${lasts[phase] / 1000} | ${yes(writesStop, phase)} | ${yes(readsStop, phase)} |`,
  );
  return ["| phase | limit, s | writes a stop cell | heeds one |", "|---|---|---|---|", ...lines].join("\n");
}

if (process.argv.includes("--write")) writeFileSync(page, drawPage());
