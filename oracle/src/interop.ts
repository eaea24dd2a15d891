// `npm run interop`: dialogues of M messages between ours and libsignal, and between ours on each pair of
// primitive providers, over every pattern and way to begin. Prints a table and fails when a single message did.

import { portablePrimitives } from "@sotto/protocol/primitives/portable";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { loadSodiumPrimitives } from "@sotto/protocol/primitives/sodium";
import { commandLine, numberFrom } from "../../lab/src/command-line.ts";
import { type DialogueOptions, dialogue, patterns } from "./dialogue.ts";
import { libsignalParty } from "./libsignal-party.ts";
import { ourParty } from "./our-party.ts";
import type { Party, PartyAddress } from "./party.ts";

const HELP = `npm run interop -- [--seed N] [--messages M]

  --seed N      of all chance (1)
  --messages M  in each dialogue, at least 40 (1000)
`;

type MakeParty = (ours: PartyAddress, theirs: PartyAddress) => Party;

const FIRST: PartyAddress = { uuid: "9d0652a3-dcc3-4d11-975f-74d61598733f", device: 1 };
const SECOND: PartyAddress = { uuid: "796abedb-ca4e-4f18-8803-1fde5b921f9f", device: 2 };

const fast = nodePrimitives();
const portable = portablePrimitives(fast.randomBytes);
const sodium = await loadSodiumPrimitives(fast.randomBytes);
const ours: MakeParty = (a, b) => ourParty("ours", fast, a, b);
const oursPortable: MakeParty = (a, b) => ourParty("ours (portable)", portable, a, b);
const oursSodium: MakeParty = (a, b) => ourParty("ours (sodium)", sodium, a, b);

const couples: readonly { make: readonly [MakeParty, MakeParty]; share: number }[] = [
  { make: [ours, libsignalParty], share: 1 },
  { make: [libsignalParty, ours], share: 1 },
  { make: [ours, ours], share: 1 },
  { make: [oursSodium, libsignalParty], share: 0.2 },
  { make: [libsignalParty, oursSodium], share: 0.2 },
  // The portable provider is slow: it plays a part of the dialogue.
  { make: [oursPortable, ours], share: 0.1 },
  { make: [oursPortable, libsignalParty], share: 0.1 },
  { make: [libsignalParty, oursPortable], share: 0.1 },
  { make: [oursPortable, oursPortable], share: 0.1 },
  { make: [oursPortable, oursSodium], share: 0.1 },
];

export interface InteropReport {
  readonly lines: readonly string[];
  readonly failures: number;
  readonly delivered: number;
  readonly epochs: number;
}

/** Runs everything; each row is reported as it ends. */
export async function interop(options: { seed: number; messages: number; onLine?: (line: string) => void }): Promise<InteropReport> {
  const lines: string[] = [];
  const total = { failures: 0, delivered: 0, epochs: 0 };
  for (const { make, share } of couples) {
    const messages = Math.max(40, Math.round(options.messages * share));
    const runs: readonly (DialogueOptions & { readonly title: string })[] = [
      ...patterns.map((pattern, i) => ({ title: pattern, pattern, messages, seed: options.seed, oneTime: i % 2 === 0 })),
      { title: "chaos, no one-time prekey", pattern: "chaos", messages, seed: options.seed + 1, oneTime: false },
      { title: "both begin at once", pattern: "chaos", messages, seed: options.seed + 2, oneTime: true, simultaneous: true },
      { title: "new sessions in between", pattern: "chaos", messages, seed: options.seed + 3, oneTime: true, restartEvery: 37 },
    ];
    for (const run of runs) {
      const [first, second] = [make[0](FIRST, SECOND), make[1](SECOND, FIRST)];
      const result = await dialogue(first, second, run);
      total.failures += result.failures.length;
      total.delivered += result.delivered;
      total.epochs = Math.max(total.epochs, result.epochs);
      const counts = `${String(result.delivered).padStart(6)} opened, ${result.refusedRepeats} repeats refused, ${result.failures.length} failed`;
      const line = `${`${first.name} → ${second.name}`.padEnd(34)} ${run.title.padEnd(26)} ${counts}, ${result.epochs} epochs`;
      lines.push(line);
      options.onLine?.(line);
      for (const failure of result.failures.slice(0, 3)) options.onLine?.(`    ${failure}`);
    }
  }
  return { lines, ...total };
}

if (import.meta.main) {
  const values = commandLine(HELP, { seed: { type: "string", default: "1" }, messages: { type: "string", default: "1000" } });
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const report = await interop({
    seed: numberFrom("seed", values.seed, 0),
    messages: numberFrom("messages", values.messages, 1),
    onLine: print,
  });
  print(`${report.delivered} messages opened, ${report.failures} failed, up to ${report.epochs} post-quantum epochs (seed ${values.seed})`);
  process.exitCode = report.failures === 0 ? 0 : 1;
}
