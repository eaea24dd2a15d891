// Whoever measures learns what there is to ask for, and hears in one sentence what is wrong; no stack.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const PROGRAMS = ["lab/src/torture.ts", "lab/src/leaks/main.ts", "lab/src/chaos.ts", "oracle/src/interop.ts"];
const ROOT = join(import.meta.dirname, "../..");

function run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, ...args], { cwd: ROOT, encoding: "utf8" });
}

test.each(PROGRAMS)("%s says what there is to ask for", (program) => {
  const { status, stdout, stderr } = run(program, "--help");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^npm run \w+ -- .*\[--seed N\]/);
});

test.each([
  [["--sead", "2"], /^Unknown option '--sead'/],
  [["--seed", "two"], /^--seed is a whole number from 0, not "two"/],
  [["--seed", ""], /^--seed is a whole number from 0, not ""/],
  [["--messages", "1.5"], /^--messages is a whole number from 20, not "1.5"/],
])("refuses %j", (args, sentence) => {
  const { status, stdout, stderr } = run("lab/src/leaks/main.ts", ...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain("    at ");
});
