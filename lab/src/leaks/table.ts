// The report as text: the table of docs/threat-model.md, with numbers.

import type { Period } from "./fate.ts";
import type { Layer } from "./recording.ts";
import type { LeakReport, Result } from "./run.ts";
import { adversaries } from "./adversaries.ts";
import type { Tally } from "./verdict.ts";

const rows: readonly { readonly period: Period; readonly title: string }[] = [
  { period: "first contact", title: "first contact" },
  { period: "before the first answer", title: "before the first answer, prekeys alive" },
  { period: "past", title: "sent or read before t" },
  { period: "on its way", title: "on its way at t" },
  { period: "until the round trip", title: "after t, until a round trip is through" },
  { period: "after the round trip", title: "after that round trip" },
  { period: "after another", title: "after another round trip" },
];

/** Titles of the rows, as docs/threat-model.md names them. */
export const rowTitles: readonly string[] = rows.map(({ title }) => title);

const TITLE = 42;
const COLUMN = 14;

/** Everything that a person wants to see of a report. */
export function table(report: LeakReport): string {
  const { options, violations, missed } = report;
  const columns = adversaries.map(({ name }) => name.padStart(COLUMN)).join("");
  const lines = [
    `${options.conversations} conversations of ${options.messages} messages on each layer, seed ${options.seed}. Every attacker has the relay's full log.`,
    "",
    `${"".padEnd(TITLE)}${columns}`,
    ...section(report, "static session: messages opened", "static", "opened"),
    ...section(report, "ratchet: messages opened", "ratchet", "opened"),
    ...section(report, "ratchet: tags recognised", "ratchet", "recognised"),
    line("ratchet: senders of first contacts seen", of(report, "ratchet"), ({ introduced }) => String(introduced)),
    "",
    "of one conversation, in the three periods after t:",
    line("  messages opened, median (most)", of(report, "ratchet"), ({ openedLater }) => spread(openedLater)),
    line("  tags recognised, median (most)", of(report, "ratchet"), ({ recognisedLater }) => spread(recognisedLater)),
    "",
    ...violations.map((violation) => `VIOLATION  ${violation}`),
    ...missed.map((what) => `MISSED     ${what}`),
    `${violations.length} cells open or known that must not be, ${missed.length} that these attackers should have got and did not`,
  ];
  return `${lines.join("\n")}\n`;
}

function section(report: LeakReport, title: string, layer: Layer, what: "opened" | "recognised"): string[] {
  const results = of(report, layer);
  const isThere = (period: Period): boolean =>
    results.some(({ periods }) => periods.has(period)) && !(what === "recognised" && period === "first contact");
  const shown = rows.filter(({ period }) => isThere(period));
  return [title, ...shown.map((row) => line(`  ${row.title}`, results, ({ periods }) => share(periods.get(row.period), what))), ""];
}

const of = (report: LeakReport, layer: Layer): Result[] => report.results.filter((result) => result.layer === layer);

const line = (title: string, results: readonly Result[], cell: (result: Result) => string): string =>
  `${title.padEnd(TITLE)}${results.map((result) => cell(result).padStart(COLUMN)).join("")}`;

const share = (tally: Tally | undefined, what: "opened" | "recognised"): string => (tally ? `${tally[what]}/${tally.cells}` : "-");

function spread(counts: readonly number[]): string {
  const sorted = [...counts].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)] ?? 0} (${sorted.at(-1) ?? 0})`;
}
