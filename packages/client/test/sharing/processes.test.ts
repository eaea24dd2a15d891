// Three processes of one account directory. The one that writes is killed again and again while all of them send: whatever was accepted is in
// the log and at the other side, once.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteFile } from "../../src/node/sqlite-file.ts";
import { Chance } from "../../src/testing/chance.ts";
import { lostAndRepeated, onlyChat, type Person, texts, World } from "../support/world.ts";

/** How often the writer dies. */
const DEATHS = process.env["SOTTO_THOROUGH"] === "1" ? 25 : 3;
const SEED = Number(process.env["SOTTO_SEED"] ?? "7");

let world: World;
let folder: string;
const running = new Set<AccountProcess>();

beforeEach(async () => {
  world = await World.open();
  folder = mkdtempSync(join(tmpdir(), "sotto-processes-"));
});
afterEach(async () => {
  for (const one of running) one.kill();
  await world.close();
  rmSync(folder, { recursive: true });
});

/** One process that has the account open. */
class AccountProcess {
  readonly #child: ChildProcess;
  readonly said: string[] = [];
  #more = Promise.withResolvers<void>();

  constructor(path: string) {
    const script = join(import.meta.dirname, "account.process.ts");
    this.#child = spawn(process.execPath, [script, path, world.relay], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdin?.on("error", () => undefined);
    createInterface(this.#child.stdout as NodeJS.ReadableStream).on("line", (line) => {
      this.said.push(line);
      this.#more.resolve();
      this.#more = Promise.withResolvers();
    });
    running.add(this);
  }

  get writes(): boolean {
    return this.said.includes("writer");
  }

  send(text: string): void {
    this.#child.stdin?.write(`${text}\n`);
  }

  async heard(line: string): Promise<void> {
    while (!this.said.includes(line)) await this.#more.promise;
  }

  kill(): void {
    running.delete(this);
    this.#child.kill("SIGKILL");
  }

  /** Ends by itself, with everything it was told to do done. */
  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.once("exit", resolve);
    this.#child.stdin?.end();
    await promise;
    running.delete(this);
  }
}

/** Bob, and Alice's account in a file, closed. */
async function accountInFile(within = folder): Promise<{ path: string; bob: Person; open: () => Promise<Person> }> {
  const path = join(within, "account.sqlite");
  const { alice, bob } = await world.pair({ inviter: { storage: sqliteFile(path) } });
  await alice.client.close();
  return { path, bob, open: async () => await world.opened(sqliteFile(path)) };
}

test("what was accepted is there once, whenever the writer is killed", { timeout: 60_000 + DEATHS * 5_000 }, async () => {
  const { path, bob, open } = await accountInFile();
  const chance = new Chance(SEED);
  let processes = [new AccountProcess(path)];
  await processes[0]?.heard("open");
  const all = [...processes];
  const asked: string[] = [];
  const handOvers: number[] = [];
  const ask = (one: AccountProcess): string => {
    const text = `message ${asked.length}`;
    asked.push(text);
    one.send(text);
    return text;
  };
  for (let death = 0; death < DEATHS; death++) {
    while (processes.length < 3) {
      const one = new AccountProcess(path);
      processes.push(one);
      all.push(one);
      await one.heard("open");
    }
    for (let i = 0; i < 4; i++) for (const one of processes) ask(one);
    // Somewhere between nothing and everything of that.
    await new Promise((resolve) => setTimeout(resolve, chance.next() * 60));
    const writer = processes.find(({ writes }) => writes) as AccountProcess;
    writer.kill();
    processes = processes.filter((one) => one !== writer);
    const killed = performance.now();
    await Promise.all(processes.map(async (one) => await one.heard(`ok ${ask(one)}`)));
    handOvers.push(performance.now() - killed);
  }
  for (const one of processes) await one.heard(`ok ${ask(one)}`);
  await Promise.all(processes.map(async (one) => await one.end()));

  const accepted = all.flatMap(({ said }) => said.filter((line) => line.startsWith("ok ")).map((line) => line.slice(3)));
  expect(all.flatMap(({ said }) => said.filter((line) => line.startsWith("failed")))).toEqual([]);
  const alice = await open();
  await alice.client.sync();
  await bob.client.sync();
  for (const person of [alice, bob]) expect(lostAndRepeated(accepted, await texts(onlyChat(person)))).toEqual({ lost: [], repeated: [] });
  const median = handOvers.toSorted((a, b) => a - b)[handOvers.length >> 1] as number;
  if (process.env["SOTTO_THOROUGH"] === "1")
    process.stdout.write(`hand-over: median ${median.toFixed(0)} ms, most ${Math.max(...handOvers).toFixed(0)} ms\n`);
  expect(median).toBeLessThan(2_000);
});

test("the socket is its owner's alone, and goes with the last process", { timeout: 30_000 }, async () => {
  const { path } = await accountInFile();
  const one = new AccountProcess(path);
  await one.heard("open");
  expect(statSync(`${path}.socket`).mode & 0o777).toBe(0o600);
  await one.end();
  expect(readdirSync(folder)).not.toContain("account.sqlite.socket");
});

test("where no socket can be made, the account opens all the same, in one process", { timeout: 30_000 }, async () => {
  const { path } = await accountInFile();
  mkdirSync(join(`${path}.socket`, "in the way"), { recursive: true });
  const one = new AccountProcess(path);
  await one.heard("open");
  one.send("alone");
  await one.heard("ok alone");
  await one.end();
  expect(one.said).toEqual(["writer", "open", "ok alone"]);
});

test("a path that is too long for a socket is shared all the same", { timeout: 30_000 }, async () => {
  const { path, bob, open } = await accountInFile(join(folder, "a".repeat(100)));
  const processes = [new AccountProcess(path)];
  await processes[0]?.heard("open");
  processes.push(new AccountProcess(path));
  await processes[1]?.heard("open");
  for (const one of processes) one.send("hello");
  for (const one of processes) await one.heard("ok hello");
  for (const one of processes) await one.end();
  // What was not on its way yet when they ended is sent by who opens the account next.
  await (await open()).client.sync();
  await bob.client.sync();
  expect(await texts(onlyChat(bob))).toEqual(["hello", "hello"]);
});
