// Tasks and reports as lines of JSON. Takes a program and a way to write lines; gives a way to take lines in. Not a concern here: pipes.

import type { DeviceProgram, Report } from "./program.ts";

/** The tasks of a device, as the conductor calls them. */
export type Tasks = { readonly [T in keyof DeviceProgram]: DeviceProgram[T] };

/** A task on its way. */
export interface TaskLine {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly args: readonly unknown[];
}

/** What comes back. */
export type AnswerLine =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failed: { readonly code: string; readonly message: string } }
  | Report;

/** Does what a line asks, and answers when it is done. */
export async function obey(program: DeviceProgram, { id, task, args }: TaskLine, answer: (line: AnswerLine) => void): Promise<void> {
  try {
    const run = program[task] as (...args: readonly unknown[]) => Promise<unknown>;
    answer({ id, result: (await run.apply(program, [...args])) ?? null });
  } catch (error) {
    const { code = "unknown", message } = error as { code?: string; message: string };
    answer({ id, failed: { code, message } });
  }
}
