// `npm run chaos -- [--seed N] [--seeds K] [--minutes M] [--sim] [--gapless]`: lets three people live with two devices each while everything around them breaks, and
// says what became of their messages. Exit code 1, and the story, if anything was lost, repeated, out of order or unequal.

import { parseArgs } from "node:util";
import { GAPS } from "./chaos/faults.ts";
import { chaos, type ChaosResult, simulatedChaos } from "./chaos/run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    minutes: { type: "string", default: "1" },
    sim: { type: "boolean", default: false },
    gapless: { type: "boolean", default: false },
  },
});

/** A number of the command line. */
function numberOf(name: "seed" | "seeds" | "minutes", min: number): number {
  const number = Number(values[name]);
  if (!(number >= min)) throw new Error(`--${name} is a number from ${min}, not "${values[name]}"`);
  return number;
}

const counted = (counts: ReadonlyMap<string, number>): string => [...counts].map(([what, count]) => `${count} ${what}`).join(", ");

function report(seed: number, result: ChaosResult): string {
  const count = (kind: string): number => result.findings.filter((finding) => finding.kind === kind).length;
  const kinds = ["lost", "repeated", "out of order", "unequal", "strayed", "unexplained"].map((kind) => `${count(kind)} ${kind}`);
  const { sent, promised, relayKills, deviceKills, faults, complaints, findings, stories } = result;
  const lines = [
    `seed ${seed}: ${sent} sent, ${promised} promised; ${relayKills} relay kills, ${deviceKills} device kills; ${kinds.join(", ")}`,
    `  faults: ${counted(faults)}`,
    `  told of: ${counted(complaints)}`,
    ...findings
      .slice(0, 20)
      .map(({ kind, device, number, what }) => `  ${kind}: ${device}${number === undefined ? "" : ` #${number}`} ${what}`),
    ...stories.flatMap((story) => ["  story:", ...story.map((line) => `    ${line}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

const [first, seeds, minutes] = [numberOf("seed", 0), numberOf("seeds", 1), numberOf("minutes", 0)];
for (let seed = first; seed < first + seeds; seed++) {
  const result = await (values.sim ? simulatedChaos : chaos)({ seed, liveMs: minutes * 60_000, without: values.gapless ? GAPS : [] });
  process.stdout.write(report(seed, result));
  if (result.findings.length > 0) process.exitCode = 1;
}
