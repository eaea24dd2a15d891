import { PassThrough } from "node:stream";
import type { Qr } from "@sotto/client";
import { describe, expect, it } from "vitest";
import { Passphrase } from "../account/passphrase.ts";
import { placeOf } from "../account/place.ts";
import { parse } from "../args/parse.ts";
import type { Context } from "../command.ts";
import { commands } from "../commands/table.ts";
import { Output } from "../output/output.ts";
import { Terminal } from "../terminal/terminal.ts";
import { showCode, showCodeAndText } from "./dialogue.ts";

const QR = { text: "THECODE", terminal: () => "█ picture █" } as unknown as Qr;
const AFTERNOON = new Date(2026, 10, 24, 15, 4);

/** What is said beside the answer by `show`, to a person or a script that gave these words. */
function said(show: typeof showCode, isTTY: boolean, words: readonly string[] = []): string {
  let text = "";
  const err = { write: (data: string | Uint8Array) => void (text += String(data)) };
  const input = parse(commands, ["pair", "send", ...words]);
  const source = Object.assign(new PassThrough(), { isTTY });
  const { signal } = new AbortController();
  const terminal = new Terminal({ source, sink: err, signal, interrupt: () => {} });
  const context: Context = {
    input,
    out: new Output({ json: false, out: { write: () => {} }, err }),
    terminal,
    controllingTerminal: () => terminal,
    place: placeOf("/nowhere", {}),
    passphrase: new Passphrase(input, terminal, {}),
    env: {},
    signal,
  };
  show(context, QR, AFTERNOON, "Do this.");
  return text;
}

describe("a code", () => {
  it("is a picture to a person, and text to a script or when asked", () => {
    expect(said(showCode, true)).toBe("█ picture █\n\nUntil 15:04. Do this.\n");
    for (const text of [said(showCode, false), said(showCode, true, ["--text"])]) expect(text).toBe("THECODE\n\nUntil 15:04. Do this.\n");
  });

  it("is both where the other side is a terminal", () => {
    expect(said(showCodeAndText, true)).toBe("█ picture █\n\nTHECODE\n\nUntil 15:04. Do this.\n");
    for (const text of [said(showCodeAndText, false), said(showCodeAndText, true, ["--text"])])
      expect(text).toBe("THECODE\n\nUntil 15:04. Do this.\n");
  });
});
