// How a secret that has arrived is answered. Takes bytes; gives them unchanged to a program or a file, and to a screen as text only where
// that text is the secret to the last character. Nothing is written to disk here.
import { harmless } from "./hostile-text.ts";
import type { Output } from "./output.ts";

/** Answers with a secret. */
export function answerSecret(out: Output, secret: Uint8Array): void {
  const text = textOf(secret);
  const base64 = Buffer.from(secret).toString("base64");
  if (out.json) return out.answer({ event: "done", ...(text === undefined ? {} : { text }), base64 }, "");
  if (!out.onScreen) return out.raw(secret);
  if (text !== undefined && harmless(text) === text) return out.raw(text.endsWith("\n") ? text : `${text}\n`);
  out.note("The secret is not plain text. This is it in base64; --out keeps it as it is.");
  out.raw(`${base64}\n`);
}

/** The text that these bytes are in UTF-8, or undefined when they are none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
