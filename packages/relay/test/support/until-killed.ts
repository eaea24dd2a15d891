// Kills a process in the middle of its work, as a power cut would.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "vitest";

/** Runs a program until it has printed `wanted` lines, kills it, and gives all that it printed. */
export async function linesUntilKilled(program: string, args: readonly string[], wanted: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === wanted) child.kill("SIGKILL");
  }
  await exited;
  expect(lines.length).toBeGreaterThanOrEqual(wanted);
  return lines;
}
