// `npm run leaks -- [--seed N] [--conversations R] [--messages M]`: sets attackers on recorded conversations and prints what they got.
// Exit code 1 if a cell was open or known that must not be, or if an attacker got less than it should.

import { parseArgs } from "node:util";
import { leaks } from "./run.ts";
import { table } from "./table.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    conversations: { type: "string", default: "40" },
    messages: { type: "string", default: "200" },
  },
});

/** A whole number of the command line. */
function numberOf(name: keyof typeof values, min: number): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < min) throw new Error(`--${name} is a whole number from ${min}, not "${values[name]}"`);
  return number;
}

const report = leaks({
  seed: numberOf("seed", 0),
  conversations: numberOf("conversations", 1),
  messages: numberOf("messages", 20),
  progress: (line) => void process.stderr.write(`${line}\n`),
});
process.stdout.write(table(report));
process.exitCode = report.violations.length + report.missed.length === 0 ? 0 : 1;
