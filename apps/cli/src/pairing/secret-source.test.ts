import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Passphrase } from "../account/passphrase.ts";
import { placeOf } from "../account/place.ts";
import { parse, UsageError } from "../args/parse.ts";
import type { Context } from "../command.ts";
import { commands } from "../commands/table.ts";
import { Output } from "../output/output.ts";
import { Terminal } from "../terminal/terminal.ts";
import { takeSecret } from "./secret-source.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sotto-source-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function terminalOf(isTTY: boolean, bytes: Uint8Array): Terminal {
  const source = Object.assign(new PassThrough(), { isTTY });
  source.end(bytes);
  return new Terminal({ source, sink: { write: () => {} }, signal: new AbortController().signal, interrupt: () => {} });
}

function contextOf(words: readonly string[], terminal: Terminal, person?: Terminal): Context {
  const input = parse(commands, ["pair", "send", ...words]);
  return {
    input,
    out: new Output({ json: true, out: { write: () => {} }, err: { write: () => {} } }),
    terminal,
    controllingTerminal: () => {
      if (!person) throw new UsageError("no terminal");
      return person;
    },
    place: placeOf(folder, {}),
    passphrase: new Passphrase(input, terminal, {}),
    env: {},
    signal: new AbortController().signal,
  };
}

describe("a secret to hand over", () => {
  it.each([
    ["64 random bytes", randomBytes(64)],
    ["bytes that are no UTF-8", Buffer.of(0xff, 0x00, 0x04, 0x03, 0x80, 0x0d, 0x0a)],
    ["a text that ends with a line's end", Buffer.from("correct horse\n")],
  ])("is moved byte for byte, from a file and from a pipe: %s", async (_, secret) => {
    const path = join(folder, "secret");
    writeFileSync(path, secret, { mode: 0o600 });
    const script = terminalOf(false, Buffer.from("123456\n"));
    const fromFile = await takeSecret(contextOf(["--secret-file", path], script));
    expect(Buffer.from(fromFile.secret)).toEqual(secret);
    expect(fromFile.answers.terminal).toBe(script);

    const person = terminalOf(true, Buffer.from(""));
    const fromPipe = await takeSecret(contextOf([], terminalOf(false, secret), person));
    expect(Buffer.from(fromPipe.secret)).toEqual(secret);
    expect(fromPipe.answers.terminal).toBe(person);
  });

  it("loses the line's end, and nothing else, when it is typed", async () => {
    const { secret } = await takeSecret(contextOf([], terminalOf(true, Buffer.from(" côrrect horse \r\n"))));
    expect(Buffer.from(secret).toString()).toBe(" côrrect horse ");
  });

  it("is not nothing, and does not come from two places", async () => {
    await expect(takeSecret(contextOf([], terminalOf(true, Buffer.from("\n"))))).rejects.toThrow(UsageError);
    await expect(takeSecret(contextOf([], terminalOf(false, Buffer.from("")), terminalOf(true, Buffer.from(""))))).rejects.toThrow("empty");
    const twice = contextOf(["--secret-file", "x", "--secret-fd", "3"], terminalOf(true, Buffer.from("")));
    await expect(takeSecret(twice)).rejects.toThrow("not both");
  });

  it("is not read from a pipe when there is nobody to type the digits", async () => {
    await expect(takeSecret(contextOf([], terminalOf(false, Buffer.from("secret"))))).rejects.toThrow("no terminal");
  });
});
