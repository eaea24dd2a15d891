// The 24 words that a person gives: asked for, or from a file or file descriptor; never from arguments. What they are for is the commands'
// concern.
import type { Client } from "@sotto/client";
import type { Flag } from "../args/command-line.ts";
import { UsageError } from "../args/parse.ts";
import type { Context } from "../command.ts";
import { readDescriptor, readPrivateFile } from "./secret-input.ts";

/** Flags of every command that takes the words. */
export const wordsFlags: readonly Flag[] = [
  { name: "words-fd", value: "n", help: "read the words from this file descriptor" },
  { name: "words-file", value: "file", help: "read the words from this file" },
];

/** The words that a flag names, or those that the person types. */
export async function words(context: Context): Promise<string> {
  return (await givenWords(context)) ?? (await context.terminal.hidden("Your 24 words (not shown): "));
}

/** The words for what only they can do, where this device does not hold them. */
export async function wordsNotHeld(client: Client, context: Context): Promise<{ phrase?: string }> {
  return client.recovery.status.get() === "linked" ? { phrase: await words(context) } : {};
}

/** The words that a flag names; `undefined` without one. */
export async function givenWords({ input }: Context): Promise<string | undefined> {
  const descriptor = input.value("words-fd");
  const file = input.value("words-file");
  if (descriptor !== undefined && file !== undefined) throw new UsageError("give --words-fd or --words-file, not both");
  if (descriptor !== undefined) return textOf(readDescriptor("words-fd", descriptor));
  if (file !== undefined) return textOf(readPrivateFile(file));
  return undefined;
}

/** The phrase's own reader minds neither line ends nor spaces. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
