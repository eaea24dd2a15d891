// `npm run torture -- --seed N --kills K [--writers W] [--readers R] [--life CELLS]`: kills the relay while people write and read, and counts what went wrong.
// Exit code 1 if anything acknowledged was lost, repeated, out of order or damaged.

import { parseArgs } from "node:util";
import { torture } from "./torture/run.ts";
import { isClean } from "./torture/verdict.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    kills: { type: "string", default: "20" },
    writers: { type: "string", default: "8" },
    readers: { type: "string", default: "3" },
    life: { type: "string", default: "400" },
  },
});

/** A whole number of the command line. */
function numberOf(name: keyof typeof values, min: number): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < min) throw new Error(`--${name} is a whole number from ${min}, not "${values[name]}"`);
  return number;
}

const options = {
  seed: numberOf("seed", 0),
  kills: numberOf("kills", 0),
  writers: numberOf("writers", 1),
  readers: numberOf("readers", 1),
  lifeCells: numberOf("life", 1),
};
const verdict = await torture({ ...options, progress: (line) => void process.stderr.write(`${line}\n`) });
const { acknowledged, lost, repeated, disordered, damaged } = verdict;
process.stdout.write(
  `seed ${options.seed}, ${options.kills} kills: ${acknowledged} acknowledged, ${lost} lost, ${repeated} repeated, ` +
    `${disordered} out of order, ${damaged} damaged\n`,
);
process.exitCode = isClean(verdict) ? 0 : 1;
