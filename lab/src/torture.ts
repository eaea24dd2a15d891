// `npm run torture`: kills the relay while people write and read, and counts what went wrong. Exit code 1 if anything acknowledged was lost,
// repeated, out of order or damaged.

import { commandLine, numberFrom } from "./command-line.ts";
import { torture } from "./torture/run.ts";
import { isClean } from "./torture/verdict.ts";

const HELP = `npm run torture -- [--seed N] [--kills K] [--writers W] [--readers R] [--life C]

  --seed N     of all chance (1)
  --kills K    how often the relay is killed (20)
  --writers W  how many write at a time (8)
  --readers R  how many read along (3)
  --life C     a relay's life ends at a random moment while it takes so many cells (400)
`;

const values = commandLine(HELP, {
  seed: { type: "string", default: "1" },
  kills: { type: "string", default: "20" },
  writers: { type: "string", default: "8" },
  readers: { type: "string", default: "3" },
  life: { type: "string", default: "400" },
});
const options = {
  seed: numberFrom("seed", values.seed, 0),
  kills: numberFrom("kills", values.kills, 0),
  writers: numberFrom("writers", values.writers, 1),
  readers: numberFrom("readers", values.readers, 1),
  lifeCells: numberFrom("life", values.life, 1),
};
const verdict = await torture({ ...options, progress: (line) => void process.stderr.write(`${line}\n`) });
const { acknowledged, lost, repeated, disordered, damaged } = verdict;
process.stdout.write(
  `seed ${options.seed}, ${options.kills} kills: ${acknowledged} acknowledged, ${lost} lost, ${repeated} repeated, ` +
    `${disordered} out of order, ${damaged} damaged\n`,
);
process.exitCode = isClean(verdict) ? 0 : 1;
