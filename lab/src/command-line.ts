// What was asked for on the command line of a measurement: options by name, with their defaults. Takes what `--help` says and the options;
// gives their values. Answers `--help`, and ends with exit code 2 and one sentence where something is wrong.

import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/** The values of a command line, all options being optional or having a default. */
type Values<O extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: O; allowNegative: true }>>["values"];

/** Reads the process's arguments. */
export function commandLine<const O extends ParseArgsOptionsConfig>(help: string, options: O): Values<O> {
  if (process.argv.includes("--help")) {
    process.stdout.write(help);
    process.exit(0);
  }
  try {
    return parseArgs({ options, allowNegative: true }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** A number from `least` on, a whole one unless `fraction`. */
export function numberFrom(name: string, text: string, least: number, { fraction = false } = {}): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= least && (fraction ? Number.isFinite(number) : Number.isSafeInteger(number))) return number;
  return refuse(`--${name} is a ${fraction ? "" : "whole "}number from ${least}, not "${text}"`);
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n(--help says what there is)\n`);
  process.exit(2);
}
