// `npm start` as a process: what it prints, what it serves, how it fails and how it ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sotto-start-"));
  mkdirSync(join(folder, "web"));
  writeFileSync(join(folder, "web", "index.html"), "<!doctype html><title>planted</title>");
});
afterEach(async () => {
  for (const child of running) if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
  port: () => Promise<number>;
} {
  const places = { SOTTO_DATA: join(folder, "data"), SOTTO_WEB: join(folder, "web"), PORT: "0" };
  const child = spawn(process.execPath, [join(import.meta.dirname, "start.ts")], { env: { PATH: process.env["PATH"], ...places, ...env } });
  running.push(child);
  let output = "";
  let notify = (): void => {};
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    notify();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const ended = once(child, "close").then(([code]) => code as number | null);
  const port = (): Promise<number> =>
    new Promise((resolve, reject) => {
      notify = () => {
        const found = /http:\/\/localhost:(\d+)/.exec(output)?.[1];
        if (found) resolve(Number(found));
      };
      notify();
      void ended.then((code) => reject(new Error(`ended with ${code}: ${output}`)));
    });
  return { child, output: () => output, ended, port };
}

describe("npm start", () => {
  it("serves relay and web app, says where, and ends cleanly at Ctrl-C", async () => {
    const sotto = start();
    const port = await sotto.port();
    expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toContain("planted");
    expect(sotto.output()).toContain(join(folder, "data"));
    sotto.child.kill("SIGINT");
    expect(await sotto.ended).toBe(0);
    expect(sotto.output()).toContain("stopping");
  });

  it("says what to do when the port or the data are in use", async () => {
    const first = start();
    const port = await first.port();
    const samePort = start({ PORT: String(port), SOTTO_DATA: join(folder, "other") });
    expect(await samePort.ended).toBe(1);
    expect(samePort.output()).toContain(`port ${port} is in use`);
    expect(samePort.output()).toContain("SOTTO_DATA=… PORT=… npm start");
    const sameData = start();
    expect(await sameData.ended).toBe(1);
    expect(sameData.output()).toMatch(/^sotto: another relay is using .*: stop it/m);
    expect(sameData.output()).toContain("SOTTO_DATA=… PORT=… npm start");
    expect(sameData.output()).not.toMatch(/^\s+at /m);
  });

  it("refuses a port that is none", async () => {
    const sotto = start({ PORT: "eighty" });
    expect(await sotto.ended).toBe(1);
    expect(sotto.output()).toContain('PORT is "eighty"');
  });
});
