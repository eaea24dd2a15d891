// What two people's (or one person's two) devices say to each other over a terminal while they pair: a code is shown or pasted, six digits
// are shown here and typed there, and sometimes six back. Takes the SDK's sessions; what is handed over is the commands' concern.
import type { JoinState, Live, Qr } from "@sotto/client";
import type { Flag } from "../args/command-line.ts";
import type { Context } from "../command.ts";
import { clockTime } from "../output/message-view.ts";

/** The flag for terminals that cannot show a QR code, and for scripts. */
export const textFlag: Flag = { name: "text", help: "show the code as text, to be copied, instead of a QR code" };

/** The receiving side, whatever it receives. */
interface Receiving {
  readonly checkCode: Promise<string>;
  readonly state: Live<JoinState>;
  confirm(code: string): Promise<void>;
  cancel(): void;
}

/** Shows a code for the other device: as QR to a person, as text to a script or when asked; `how` tells a person how it is read. */
export function showCode(context: Context, qr: Qr, expires: Date, how: string): void {
  step(context, qr, expires, `${asksForText(context) ? qr.text : qr.terminal()}\n\nUntil ${clockTime(expires)}. ${how}`);
}

/** The same, with the text below the QR too: the other side is a terminal, which reads no QR. */
export function showCodeAndText(context: Context, qr: Qr, expires: Date, how: string): void {
  const picture = asksForText(context) ? "" : `${qr.terminal()}\n\n`;
  step(context, qr, expires, `${picture}${qr.text}\n\nUntil ${clockTime(expires)}. ${how}`);
}

function asksForText({ terminal, input }: Context): boolean {
  return !terminal.interactive || input.has("text");
}

function step({ out }: Context, qr: Qr, expires: Date, text: string): void {
  out.step({ event: "show", text: qr.text, expires: expires.toISOString() }, text);
}

/** Asks for the code that the other device shows. It is a secret for two minutes, so it is no argument of the command. */
export async function pastedCode({ out, terminal }: Context): Promise<string> {
  out.step({ event: "paste" }, "");
  return (await terminal.line("Paste the code of the other device: ")).trim();
}

/** The receiving side's part: shows the six digits, asks for the other six if needed, and waits for what comes. */
export async function receive<T>(context: Context, receiving: Receiving, result: Promise<T>): Promise<T> {
  const { out, signal } = context;
  const cancel = (): void => receiving.cancel();
  signal.addEventListener("abort", cancel);
  try {
    // If pairing fails the result rejects, and with it whatever is being waited for here.
    const failed = result.then(() => new Promise<never>(() => {}));
    failed.catch(() => {});
    const digits = await Promise.race([receiving.checkCode, failed]);
    out.step({ event: "check-code", digits }, `Type these six digits on the other device:   ${spaced(digits)}`);
    if (await asksForReply(receiving.state, result)) {
      out.step({ event: "ask-reply-code" }, "");
      const typed = await Promise.race([sixDigits(context, "Type the six digits that the other device shows: "), failed]);
      await receiving.confirm(typed);
    }
    return await result;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** The giving side asks for the digits of the other device. */
export async function typedCode(context: Context, deviceName: string): Promise<string> {
  context.out.step({ event: "ask-check-code", deviceName }, `Device: ${deviceName}`);
  return sixDigits(context, "Type the six digits that it shows: ");
}

/** Shows the giving side's digits as soon as they are there. Gives what ends that. */
export function showReplyCode({ out }: Context, replyCode: Live<string | undefined>): () => void {
  return replyCode.subscribe((digits) => {
    if (digits !== undefined) out.step({ event: "reply-code", digits }, `If it asks for a code, type there:   ${spaced(digits)}`);
  });
}

/** True once the session asks for the second code, false when it ends without. */
function asksForReply(state: Live<JoinState>, result: Promise<unknown>): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const stop = state.subscribe((now) => {
    if (now === "reply") resolve(true);
  });
  result.then(() => resolve(false), reject);
  return promise.finally(() => stop());
}

function spaced(digits: string): string {
  return digits.replace(/(\d{3})(?=\d)/g, "$1 ");
}

/** Six digits, with or without spaces. There is one try, so what cannot be a code is asked for again and not tried. */
async function sixDigits({ out, terminal }: Context, question: string): Promise<string> {
  for (;;) {
    const typed = (await terminal.line(question)).replace(/[\s-]/g, "");
    if (/^\d{6}$/.test(typed)) return typed;
    out.step({ event: "not-six-digits" }, "That is not six digits.");
  }
}
