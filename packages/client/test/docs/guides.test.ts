// What people copy out of the guides compiles, runs and prints what the guide says it prints, against a real relay.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Relay, startRelay } from "@sotto/relay";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf, Programs } from "../support/documentation.ts";

const ROOT = join(import.meta.dirname, "../../../..");
/** Guides and the programs in them: each block of TypeScript is one. */
const GUIDES = [
  "docs/quick-start.md",
  "docs/qr-login.md",
  "docs/testing.md",
  "docs/storage-and-tabs.md",
  "docs/several-relays.md",
  "docs/errors.md",
];
/** How the program of the quick start begins that waits for what is typed. */
const CHAT = 'import { createInterface } from "node:readline";';

const programs = new Programs("guides");
let folder: string;
let relay: Relay;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sotto-guides-"));
  relay = await startRelay({ dataDir: join(folder, "relay"), port: 0 });
});
afterAll(async () => {
  await relay.stop();
  rmSync(folder, { recursive: true });
});

/** The program as it is written, except for the port. */
const here = (code: string): string => code.replaceAll("localhost:8787", `127.0.0.1:${relay.port}`);

test("all programs of all guides compile", async () => {
  const checked = new Programs("guides-compiled");
  for (const guide of GUIDES) for (const [i, code] of blocksOf(guide).entries()) checked.write(`${guide}-${i}`, code);
  expect(await checked.compile()).toBe("");
});

test.each(GUIDES)("%s prints what it says", async (guide) => {
  const codes = blocksOf(guide).filter((code) => !code.startsWith(CHAT));
  const outputs = await Promise.all(
    codes.map(async (code, i) => {
      const path = programs.write(`${guide}-${i}`, here(code));
      return await programs.run(path, { XDG_DATA_HOME: join(folder, `${guide}-${i}`), NODE_TEST_CONTEXT: "" });
    }),
  );
  const tests = codes.filter((code) => code.includes("node:test"));
  if (tests.length > 0) {
    for (const output of outputs) expect(output).toMatch(/# fail 0|ℹ fail 0/);
    return;
  }
  expect(outputs.join("")).toBe(blocksOf(guide, "text").join(""));
});

test("two people talk in two terminals", async () => {
  const [code = ""] = blocksOf("docs/quick-start.md").filter((block) => block.startsWith(CHAT));
  const path = programs.write("chat", here(code));
  const [alice, bob] = [new Terminal(path, "Alice"), new Terminal(path, "Bob")];
  const [link = ""] = (await alice.until(/https?:\S+#\S+/)) ?? [];
  bob.start(link);
  await alice.until(/Bob: hello/);
  alice.type("hello Bob");
  await bob.until(/Alice: hello Bob/);
  bob.type("one");
  bob.type("two");
  await alice.until(/Bob: one\nBob: two/);
  expect(await Promise.all([alice.end(), bob.end()])).toEqual([0, 0]);
});

test("all documents link to what is there", () => {
  const documents = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
  expect(["README.md", ...documents.map((path) => join("docs", path))].flatMap(brokenLinks)).toEqual([]);
});

test("the relay's settings are those that its guide names", () => {
  const named = readFileSync(join(ROOT, "docs/running-a-relay.md"), "utf8").matchAll(/^\| `([A-Z_]+)`/gm);
  const read = readFileSync(join(ROOT, "packages/relay/src/main.ts"), "utf8").matchAll(/(?:env\["|portOf\(")([A-Z_]+)"/g);
  expect([...named].map(([, name]) => name).toSorted()).toEqual([...new Set([...read].map(([, name]) => name))].toSorted());
});

/** Relative links of a document (a path from the root) that lead nowhere. */
function brokenLinks(document: string): string[] {
  const text = readFileSync(join(ROOT, document), "utf8").replaceAll(/^```[^]*?^```$/gm, "");
  return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target) || existsSync(join(ROOT, dirname(document), target))) return [];
    return [`${document}: ${target}`];
  });
}

/** A program that somebody types into. */
class Terminal {
  readonly #path: string;
  readonly #name: string;
  #child: ReturnType<typeof spawn> | undefined;
  #output = "";
  #changed: () => void = () => undefined;

  constructor(path: string, name: string) {
    this.#path = path;
    this.#name = name;
  }

  start(...args: readonly string[]): void {
    const child = spawn(process.execPath, [this.#path, this.#name, ...args], { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
    child.stdout.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString("utf8");
      this.#changed();
    });
    this.#child = child;
  }

  type(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }

  /** Resolves when something was printed. */
  async until(wanted: RegExp): Promise<RegExpMatchArray | null> {
    if (this.#child === undefined) this.start();
    while (!wanted.test(this.#output)) await new Promise<void>((resolve) => (this.#changed = resolve));
    return this.#output.match(wanted);
  }

  /** Ctrl-D; gives the exit code. */
  async end(): Promise<unknown> {
    const ended = new Promise((resolve) => this.#child?.once("close", resolve));
    this.#child?.stdin?.end();
    return await ended;
  }
}
