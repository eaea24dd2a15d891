// `npm run chaos`: lets three people live with two devices each, one of them in the tabs of Chromium, while everything around them breaks, and
// says what became of their messages. Exit code 1, and the story, if anything was lost, repeated, out of order or unequal.

import { chromiumPath } from "../../e2e/src/browser.ts";
import { commandLine, numberFrom } from "./command-line.ts";
import { chaos, type ChaosResult, simulatedChaos } from "./chaos/run.ts";

const HELP = `npm run chaos -- [--seed N] [--seeds K] [--minutes M] [--sim] [--no-browser]

  --seed N       which life (1)
  --seeds K      so many lives, from that one on (1)
  --minutes M    how long each lasts (1): half while people meet, half when all know each other
  --sim          everything in one process, by a clock that jumps: seconds instead of minutes, the same for the same seed
  --no-browser   no device lives in Chromium

With --sim the relay passes over cells all the time, otherwise in the second half only: first contacts that were passed over are found when a
segment of the board has ended, a quarter of an hour later, which only a clock that jumps can wait for.

After each half an honest relay brings everybody together. Mostly that takes seconds. While something is missing it is tried for 90 s (--sim:
100 minutes of its own clock), and the last round of 12 processes and tabs may take 20 s for each: six minutes at the most, each time. What is
going on is told on stderr.
`;

const values = commandLine(HELP, {
  seed: { type: "string", default: "1" },
  seeds: { type: "string", default: "1" },
  minutes: { type: "string", default: "1" },
  sim: { type: "boolean", default: false },
  browser: { type: "boolean", default: true },
});

const counted = (counts: ReadonlyMap<string, number>): string => [...counts].map(([what, count]) => `${count} ${what}`).join(", ");

function report(seed: number, result: ChaosResult): string {
  const count = (kind: string): number => result.findings.filter((finding) => finding.kind === kind).length;
  const kinds = ["lost", "repeated", "out of order", "unequal", "strayed", "unexplained"].map((kind) => `${count(kind)} ${kind}`);
  const { sent, promised, relayKills, deviceKills, browserKills, faults, complaints, findings, stories } = result;
  const lines = [
    `seed ${seed}: ${sent} sent, ${promised} promised; ${relayKills} relay kills, ${deviceKills} device kills, ${browserKills} browser kills; ${kinds.join(", ")}`,
    `  faults: ${counted(faults)}`,
    `  told of: ${counted(complaints)}`,
    ...[...Map.groupBy(findings, ({ kind }) => kind).values()]
      .flatMap((alike) => alike.slice(0, 6))
      .map(({ kind, device, number, what }) => `  ${kind}: ${device}${number === undefined ? "" : ` #${number}`} ${what}`),
    ...stories.flatMap((story) => ["  story:", ...story.map((line) => `    ${line}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

const [first, seeds] = [numberFrom("seed", values.seed, 0), numberFrom("seeds", values.seeds, 1)];
const minutes = numberFrom("minutes", values.minutes, 0, { fraction: true });
if (values.browser && !values.sim && chromiumPath() === undefined) {
  throw new Error(
    "no Chromium found for the device in tabs: install the package chromium, set SOTTO_CHROMIUM, or go without: --no-browser",
  );
}
for (let seed = first; seed < first + seeds; seed++) {
  const result = await (values.sim ? simulatedChaos : chaos)({
    seed,
    liveMs: minutes * 60_000,
    browser: values.browser,
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(report(seed, result));
  if (result.findings.length > 0) process.exitCode = 1;
}
