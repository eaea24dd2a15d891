// `npm run leaks`: sets attackers on recorded conversations and prints what they got. Exit code 1 if a cell was open or known that must not be,
// or if an attacker got less than it should.

import { commandLine, numberFrom } from "../command-line.ts";
import { leaks } from "./run.ts";
import { table } from "./table.ts";

const HELP = `npm run leaks -- [--seed N] [--conversations R] [--messages M]

  --seed N           of all chance (1)
  --conversations R  how many are recorded (40)
  --messages M       in each, at least 20 (200)
`;

const values = commandLine(HELP, {
  seed: { type: "string", default: "1" },
  conversations: { type: "string", default: "40" },
  messages: { type: "string", default: "200" },
});
const report = leaks({
  seed: numberFrom("seed", values.seed, 0),
  conversations: numberFrom("conversations", values.conversations, 1),
  messages: numberFrom("messages", values.messages, 20),
  progress: (line) => void process.stderr.write(`${line}\n`),
});
process.stdout.write(table(report));
process.exitCode = report.violations.length + report.missed.length === 0 ? 0 : 1;
