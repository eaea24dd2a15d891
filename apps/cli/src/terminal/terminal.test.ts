import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CommandError } from "../output/command-error.ts";
import { LineEditor } from "./line-editor.ts";
import { MAX_INPUT, Terminal, type Source } from "./terminal.ts";

interface Setup {
  terminal: Terminal;
  source: PassThrough & Source;
  shown: string[];
  modes: boolean[];
  abort: AbortController;
}

function setUp(isTTY: boolean): Setup {
  const shown: string[] = [];
  const modes: boolean[] = [];
  const abort = new AbortController();
  const source: PassThrough & Source = Object.assign(new PassThrough(), { isTTY });
  source.setRawMode = (mode: boolean) => {
    modes.push(mode);
    return source as never;
  };
  const sink = { write: (text: string | Uint8Array) => void shown.push(String(text)) };
  const terminal = new Terminal({ source, sink, signal: abort.signal, interrupt: () => abort.abort(new Error("interrupted")) });
  return { terminal, source, shown, modes, abort };
}

describe("terminal", () => {
  it("reads the lines of a script one by one, in whatever pieces they come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-zé ]{0,8}$/), { minLength: 1, maxLength: 5 }), fc.nat(7), async (lines, size) => {
        const { terminal, source, shown } = setUp(false);
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        for (let at = 0; at < bytes.length; at += size + 1) source.write(bytes.subarray(at, at + size + 1));
        for (const line of lines) expect(await terminal.line("Question? ")).toBe(line);
        expect(shown).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it("asks a person on the screen, and hides what is secret", async () => {
    const { terminal, source, shown, modes } = setUp(true);
    source.write("my secre\u007fet\r");
    expect(await terminal.hidden("Passphrase: ")).toBe("my secret");
    expect(shown.join("")).toBe("Passphrase: \n");
    expect(modes).toEqual([true, false]);
  });

  it("gives up when input ends, and takes a last line without an end", async () => {
    const { terminal, source } = setUp(false);
    source.end("last");
    expect(await terminal.line("First? ")).toBe("last");
    await expect(terminal.line("Second? ")).rejects.toThrow(CommandError);
  });

  it("reads everything until the end byte for byte, empty too, and behind a line as well", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.boolean(), fc.nat(9), async (bytes, asksFirst, size) => {
        const { terminal, source } = setUp(false);
        const all = Buffer.concat([Buffer.from(asksFirst ? "a line\n" : ""), bytes]);
        for (let at = 0; at < all.length; at += size + 1) source.write(all.subarray(at, at + size + 1));
        source.end();
        if (asksFirst) expect(await terminal.line("Question? ")).toBe("a line");
        expect(Array.from(await terminal.rest())).toEqual(Array.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  it("refuses more than it can hold", async () => {
    const { terminal, source } = setUp(false);
    source.write("x".repeat(MAX_INPUT + 1));
    await expect(terminal.rest()).rejects.toThrow(CommandError);
  });

  it("stops asking when the command is interrupted, by a key or a signal", async () => {
    const byKey = setUp(true);
    byKey.source.write("abc\u0003");
    await expect(byKey.terminal.hidden("Passphrase: ")).rejects.toThrow("interrupted");
    expect(byKey.modes).toEqual([true, false]);
    const bySignal = setUp(true);
    const asked = bySignal.terminal.line("Word 3: ");
    bySignal.abort.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
  });

  it("takes yes, no, and from a script nothing else for a yes", async () => {
    const person = setUp(true);
    person.source.write("what\nYES\n");
    expect(await person.terminal.confirm("Sure?")).toBe(true);
    const script = setUp(false);
    script.source.write("maybe\n");
    expect(await script.terminal.confirm("Sure?")).toBe(false);
  });
});

describe("line editor", () => {
  it("edits, and gives back what is behind the line", () => {
    const editor = new LineEditor();
    const left = editor.type(Buffer.from("wrong\u0015ri👍\u007fgt\u0008ht\r\nnext"));
    expect(Buffer.from(left ?? []).toString()).toBe("next");
    expect(editor.text).toBe("right");
  });
});
