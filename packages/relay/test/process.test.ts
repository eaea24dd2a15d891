// The relay as a process: says where it listens, refuses a directory in use, stops gracefully under traffic, and comes back with everything.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Relay } from "../src/index.ts";
import { numberOf, testCell } from "./support/cells.ts";
import { append, TestReader } from "./support/relay-client.ts";
import { temporaryDirectory } from "./support/temporary.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

interface RelayProcess {
  readonly child: ChildProcess;
  /** As far as tests look at it. */
  readonly relay: Relay;
}

function run(dataDir: string, env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, PORT: "0", SOTTO_DATA: dataDir, ...env }, stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function started(dataDir: string): Promise<RelayProcess> {
  const child = run(dataDir);
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const url = /^Sotto relay listening on (http:\/\/127\.0\.0\.1:(\d+))$/.exec(line);
    if (url) return { child, relay: { url: url[1] as string, port: Number(url[2]), metricsPort: undefined, stop: async () => {} } };
  }
  throw new Error("the relay did not start");
}

async function failure(child: ChildProcess): Promise<{ code: unknown; text: string }> {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const [code] = await once(child, "close");
  return { code, text };
}

describe("the relay's process", () => {
  it("refuses to start beside another one, or with a setting that makes no sense", { timeout: 30_000 }, async () => {
    const dataDir = temporaryDirectory();
    const { relay } = await started(dataDir);
    expect(await failure(run(dataDir))).toEqual({
      code: 1,
      text: expect.stringMatching(/could not start: another relay is using .*stop it/),
    });
    expect(await failure(run(temporaryDirectory(), { PORT: "http" }))).toEqual({
      code: 1,
      text: expect.stringContaining("PORT is a port"),
    });
    const taken = await failure(run(temporaryDirectory(), { PORT: `${relay.port}` }));
    expect(taken).toEqual({ code: 1, text: expect.stringContaining("EADDRINUSE") });
  });

  it("stops on SIGTERM under traffic: what it acknowledged is there again, under the same cursors", { timeout: 30_000 }, async () => {
    const dataDir = temporaryDirectory();
    const { child, relay } = await started(dataDir);
    const reader = await TestReader.open(relay);
    reader.subscribe({ credit: 4096 });
    await reader.event("live");
    const acknowledged: number[] = [];
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let n = writer * 100_000; ; n++) {
        try {
          await append(relay, [testCell(n)]);
        } catch {
          return;
        }
        acknowledged.push(n);
        if (acknowledged.length === 60) child.kill("SIGTERM");
      }
    });
    const [code] = await once(child, "exit");
    await Promise.all(writers);
    await reader.until(() => reader.closed !== undefined);
    expect(code).toBe(0);
    expect(reader.closed).toEqual({ code: 1001, reason: "relay/stopping" });

    const again = await started(dataDir);
    const second = await TestReader.open(again.relay);
    second.subscribe({ credit: 4096 });
    await second.event("live");
    const numbers = second.cells().map((cell) => numberOf(cell.tag));
    expect(acknowledged.filter((number) => !numbers.includes(number))).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
    // What the first reader got is a prefix of what there is.
    expect(second.cells().slice(0, reader.cells().length)).toEqual(reader.cells());
  });
});
