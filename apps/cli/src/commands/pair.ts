// `sotto pair send|receive`: carries any secret from one machine to another, no account needed. Nothing of it reaches a relay readable.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { receiveSecret, sendSecret } from "@sotto/client";
import { readDescriptor, readPrivateFile } from "../account/passphrase.ts";
import { chosenRelay, deviceName } from "../account/with-client.ts";
import { UsageError } from "../args/parse.ts";
import type { Command, Context } from "../command.ts";
import { CommandError } from "../output/command-error.ts";
import { harmless, harmlessLine } from "../output/hostile-text.ts";
import { pastedCode, receive, showReplyCode, showText, typedCode } from "../pairing/dialogue.ts";

export const pairSend: Command = {
  name: "pair send",
  summary: "carry a secret to another machine: this side has it",
  details:
    "Needs no account. The secret is asked for, or comes from a file, a file descriptor or standard input; never from arguments. At most\n3,000 bytes. The other machine runs `sotto pair receive`.",
  flags: [
    { name: "secret-fd", value: "n", help: "read the secret from this file descriptor" },
    { name: "secret-file", value: "file", help: "read the secret from this file" },
  ],

  async run(context) {
    const { out, signal } = context;
    const relay = chosenRelay(context);
    const { secret, answers } = await takeSecret(context);
    const offer = await sendSecret({ relay, secret, deviceName: deviceName(context), signal });
    const cancel = (): void => offer.cancel();
    signal.addEventListener("abort", cancel);
    try {
      showText(answers, offer.qr, offer.expires);
      const request = await offer.request;
      request.done.catch(() => {}); // Awaited below.
      const code = await typedCode(answers, harmlessLine(request.deviceName));
      const stop = showReplyCode(answers, request.replyCode);
      await request.approve(code);
      await request.done.finally(stop);
    } finally {
      secret.fill(0);
      signal.removeEventListener("abort", cancel);
    }
    out.answer({ event: "done" }, "The other side has it.");
  },
};

export const pairReceive: Command = {
  name: "pair receive",
  summary: "carry a secret to another machine: this side gets it",
  details:
    "Needs no account. Asks for the code that `sotto pair send` shows. The secret goes to standard output, or to a new file of mode 0600.",
  flags: [{ name: "out", value: "file", help: "write the secret to this file, which must not exist yet" }],

  async run(context) {
    const { input, signal } = context;
    const file = input.value("out");
    const receipt = await receiveSecret(await pastedCode(context), { typed: true, deviceName: deviceName(context) });
    receipt.secret.catch(() => {}); // Awaited by receive().
    signal.throwIfAborted();
    const secret = await receive(context, receipt, receipt.secret);
    if (file === undefined) return print(context, secret);
    writeNew(file, secret);
    context.out.answer({ event: "done", file, bytes: secret.length }, `${secret.length} bytes are in ${file}.`);
  },
};

/** The secret, and whom to ask for the digits: who gave the secret by standard input answers at the terminal itself. */
async function takeSecret(context: Context): Promise<{ secret: Uint8Array; answers: Context }> {
  const { input, terminal } = context;
  const descriptor = input.value("secret-fd");
  const file = input.value("secret-file");
  if (descriptor !== undefined && file !== undefined) throw new UsageError("give --secret-fd or --secret-file, not both");
  if (descriptor !== undefined) return { secret: bytes(readDescriptor("secret-fd", descriptor)), answers: context };
  if (file !== undefined) return { secret: bytes(readPrivateFile(file)), answers: context };
  if (terminal.interactive) return { secret: bytes(await terminal.hidden("Secret (not shown): ")), answers: context };
  const person = context.controllingTerminal();
  return { secret: bytes((await terminal.rest()).replace(/\r?\n$/, "")), answers: { ...context, terminal: person } };
}

function bytes(text: string): Uint8Array {
  if (text === "") throw new UsageError("the secret is empty");
  return new TextEncoder().encode(text);
}

/** To a person as text with an end of line, to a program exactly. */
function print({ out, terminal }: Context, secret: Uint8Array): void {
  const text = new TextDecoder().decode(secret);
  if (out.json) out.answer({ event: "done", text, base64: Buffer.from(secret).toString("base64") }, "");
  else if (terminal.interactive) out.raw(`${harmless(text)}\n`);
  else out.raw(secret);
}

function writeNew(path: string, secret: Uint8Array): void {
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch {
    throw new CommandError("file/refused", `${path} cannot be made. If it exists, give another name.`);
  }
  writeSync(file, secret);
  fsyncSync(file);
  closeSync(file);
}
