// The examples as people run them, unchanged: in Node, in a page without a bundler, in two terminals. Only where `localhost:8787` leads is
// ours, so that tests need no fixed port.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../src/browser.ts";
import { type RelayProcess, startRelayProcess } from "../src/relay-process.ts";
import { buildClient } from "../../tools/client-build.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
/** How `ws://localhost:8787` is called in the example and leads to the relay of this test: loaded before the example. */
const lead = (port: number): string =>
  `data:text/javascript,${encodeURIComponent(`
    const there = (url) => String(url).replace("localhost:8787", "127.0.0.1:${port}");
    const [ask, Socket] = [fetch, WebSocket];
    globalThis.fetch = (url, init) => ask(there(url), init);
    globalThis.WebSocket = class extends Socket { constructor(url) { super(there(url)); } };
  `)}`;

let folder: string;
let relay: RelayProcess;
const running: Terminal[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sotto-examples-"));
  relay = await startRelayProcess({ dataDir: join(folder, "relay") });
});
afterAll(async () => {
  for (const terminal of running) terminal.stop();
  await relay?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("hello-node says hello", async () => {
  const terminal = run("hello-node/hello.mjs", ["--import", lead(relay.port)], { XDG_DATA_HOME: folder });
  expect(await terminal.ended).toBe(0);
  expect(terminal.output).toBe("Bob: hello world\n");
});

test("both hellos are the same lines", async () => {
  const lines = async (file: string): Promise<string[]> => {
    const text = await readFile(join(EXAMPLES, file), "utf8");
    const body = /^ *import \{ createAccount \}[^]*?break; \}$/m.exec(text)?.[0] ?? "";
    return body.split("\n").map((line) => line.trim());
  };
  const inNode = await lines("hello-node/hello.mjs");
  expect(inNode.length).toBe(8);
  expect(await lines("hello-browser/index.html")).toEqual(inNode);
});

test("hello-browser says hello, without a bundler", async () => {
  await buildClient();
  const server = run("hello-browser/serve.mjs", [], { PORT: "0" });
  const [url = ""] = await server.until(/http:\S+/);
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser({ hosts: `MAP localhost:8787 127.0.0.1:${relay.port}` });
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(url);
    await page.getByText("Bob: hello world").waitFor();
    expect(said).toEqual(["Bob: hello world"]);
  } finally {
    await browser?.close();
  }
});

test("qr-login moves an account from one terminal to the other", async () => {
  const env = { SOTTO_RELAY: relay.url };
  const [phone, desktop] = [run("qr-login/old-device.mjs", [], env), run("qr-login/new-device.mjs", [], env)];
  const [, code = ""] = await phone.until(/^([!-~]{40,})$/m);
  await desktop.until(/The code's text/);
  desktop.type(code);
  const [, first = ""] = await desktop.until(/old device: (\d{6})/);
  await phone.until(/Six digits that Desktop shows/);
  phone.type(first);
  const [, second = ""] = await phone.until(/new device: (\d{6})/);
  await desktop.until(/Six digits that the old device shows/);
  desktop.type(second);
  expect(await Promise.all([phone.ended, desktop.ended])).toEqual([0, 0]);
  expect(phone.output).toContain("Desktop is linked");
  expect(desktop.output).toContain("This is Alice's account now. Its notes:\n  written before there was a desktop");
});

function run(example: string, args: readonly string[], env: Record<string, string>): Terminal {
  const terminal = new Terminal([...args, join(EXAMPLES, example)], env);
  running.push(terminal);
  return terminal;
}

/** A program and its terminal. */
class Terminal {
  readonly ended: Promise<number | null>;
  output = "";
  readonly #child: ChildProcess;
  #changed: () => void = () => undefined;

  constructor(args: readonly string[], env: Record<string, string>) {
    this.#child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: "pipe" });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString("utf8");
        this.#changed();
      });
    }
    this.ended = new Promise((resolve) => this.#child.once("close", resolve));
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** What of the output matches, as soon as something does. */
  async until(wanted: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = wanted.exec(this.output);
      if (found !== null) return found;
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  stop(): void {
    this.#child.kill();
  }
}
