// The secret that `sotto pair send` hands over: bytes, moved as they are. Takes flags, a pipe or a person's typing; gives the secret and
// whom to ask for the six digits. Only a line that is typed loses its end, for Enter is not part of what a person means.
import { readDescriptor, readPrivateFile } from "../account/secret-input.ts";
import { UsageError } from "../args/parse.ts";
import type { Context } from "../command.ts";

/** A secret, and the context that questions go to. */
export interface SecretSource {
  readonly secret: Uint8Array;
  readonly answers: Context;
}

/** Takes the secret; who gives it by standard input answers at the terminal itself. `file/refused`, `terminal/needed`. */
export async function takeSecret(context: Context): Promise<SecretSource> {
  const source = await sourceOf(context);
  if (source.secret.length === 0) throw new UsageError("the secret is empty");
  return source;
}

async function sourceOf(context: Context): Promise<SecretSource> {
  const { input, terminal } = context;
  const descriptor = input.value("secret-fd");
  const file = input.value("secret-file");
  if (descriptor !== undefined && file !== undefined) throw new UsageError("give --secret-fd or --secret-file, not both");
  if (descriptor !== undefined) return { secret: readDescriptor("secret-fd", descriptor), answers: context };
  if (file !== undefined) return { secret: readPrivateFile(file), answers: context };
  if (terminal.interactive) {
    return { secret: new TextEncoder().encode(await terminal.hidden("Secret (not shown): ")), answers: context };
  }
  // Before the pipe is read to its end: without a terminal there is nobody to type the digits.
  const person = context.controllingTerminal();
  return { secret: await terminal.rest(), answers: { ...context, terminal: person } };
}
