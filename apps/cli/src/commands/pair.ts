// `sotto pair send|receive`: carries any secret from one machine to another, no account needed. Nothing of it reaches a relay readable.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { receiveSecret, sendSecret } from "@sotto/client";
import { chosenRelays, deviceName } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { CommandError } from "../output/command-error.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { answerSecret } from "../output/secret-view.ts";
import { pastedCode, receive, showCodeAndText, showReplyCode, textFlag, typedCode } from "../pairing/dialogue.ts";
import { takeSecret } from "../pairing/secret-source.ts";

export const pairSend: Command = {
  name: "pair send",
  summary: "carry a secret to another machine: this side has it",
  details:
    "Needs no account. The secret is asked for, or comes from a file, a file descriptor or standard input; never from arguments. At most\n3,000 bytes of any kind, moved as they are: only a typed secret ends before Enter, a file's last line end is part of it. The other\nmachine runs `sotto pair receive`. Six digits have to be typed, so a secret on standard input needs a terminal besides.",
  flags: [
    textFlag,
    { name: "secret-fd", value: "n", help: "read the secret from this file descriptor" },
    { name: "secret-file", value: "file", help: "read the secret from this file" },
  ],

  async run(context) {
    const { out, signal } = context;
    const [relay] = chosenRelays(context);
    const { secret, answers } = await takeSecret(context);
    const offer = await sendSecret({ relay, secret, deviceName: deviceName(context), signal });
    const cancel = (): void => offer.cancel();
    signal.addEventListener("abort", cancel);
    try {
      showCodeAndText(answers, offer.qr, offer.expires, "Copy the line into `sotto pair receive` on the other machine.");
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
    "Needs no account. Asks for the code that `sotto pair send` shows. The secret goes to standard output, or to a new file of mode 0600,\nbyte for byte; on a screen, what is not plain text is shown in base64.",
  flags: [{ name: "out", value: "file", help: "write the secret to this file, which must not exist yet" }],

  async run(context) {
    const { input, signal } = context;
    const file = input.value("out");
    const receipt = await receiveSecret(await pastedCode(context), { typed: true, deviceName: deviceName(context) });
    receipt.secret.catch(() => {}); // Awaited by receive().
    signal.throwIfAborted();
    const secret = await receive(context, receipt, receipt.secret);
    if (file === undefined) return answerSecret(context.out, secret);
    writeNew(file, secret);
    context.out.answer({ event: "done", file, bytes: secret.length }, `${secret.length} bytes are in ${file}.`);
  },
};

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
