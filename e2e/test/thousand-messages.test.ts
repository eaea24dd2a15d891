// Two browsers, a real relay process on a real disk, and everything going wrong that goes wrong: hello world and 1,000 further messages
// both ways arrive once each, in order, while the relay is killed ten times and Bob is away for a while. Then nobody but the two
// has ever seen a word of it: not the relay's disk, not its log or metrics, not the wire.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { accountFromPhrase, parsePhrase } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as app from "../src/app.ts";
import { breaches, DESKTOP, PHONE, launchBrowser, newPerson } from "../src/browser.ts";
import { type RecordingProxy, startRecordingProxy } from "../src/recording-proxy.ts";
import { freePort, type RelayProcess, startRelayProcess } from "../src/relay-process.ts";
import { type Needle, findIn, readTree, textNeedle } from "../src/search.ts";
import { wholeChat } from "../src/transcript.ts";
import { webApp } from "../src/web-app.ts";

const MESSAGES = 1000;
const KILLS = 10;
const ALICE = "Alice Montague-Quill";
const BOB = "Bob Fairweather-Nash";

let dataDir: string;
let relay: RelayProcess;
let metricsPort: number;
let wire: RecordingProxy;
let browser: Browser;
let people: readonly BrowserContext[];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sotto-thousand-"));
  const webRoot = await webApp();
  metricsPort = await freePort();
  relay = await startRelayProcess({ dataDir, webRoot, metricsPort });
  wire = await startRecordingProxy(relay.port);
  browser = await launchBrowser();
  people = [await newPerson(browser, { viewport: DESKTOP }), await newPerson(browser, { viewport: PHONE, colorScheme: "dark" })];
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await wire?.stop();
  await relay?.stop();
  await rm(dataDir, { recursive: true, force: true });
  expect(breaches).toEqual([]);
});

const line = (i: number): string => `number ${i} of a confidential thousand`;

test(
  "a thousand messages, ten kills, a time away: each arrives once, in order, and nobody else saw one",
  { timeout: 600_000 },
  async () => {
    const [aliceHome, bobHome] = people as [BrowserContext, BrowserContext];
    const alice = await aliceHome.newPage();
    let bob = await bobHome.newPage();
    await app.start(alice, ALICE, wire.url);
    await app.start(bob, BOB, wire.url);
    await app.acceptInvite(bob, await app.createInvite(alice));
    await app.send(bob, "hello world");
    await app.openChat(alice, BOB);
    await app.message(alice, "hello world").waitFor();

    const killEvery = MESSAGES / KILLS;
    const bobIsAwayFrom = MESSAGES * 0.4;
    const bobIsBackAt = MESSAGES * 0.6;
    let outage: Promise<void> = Promise.resolve();
    for (let i = 0; i < MESSAGES; i++) {
      if (i % killEvery === killEvery / 2) {
        await outage;
        await relay.kill();
        // It stays down while people go on writing.
        outage = (async () => {
          await new Promise((resolve) => setTimeout(resolve, 300));
          await relay.start();
        })();
      }
      if (i === bobIsAwayFrom) await bob.close();
      if (i === bobIsBackAt) bob = await returning(bobHome);
      const bobWrites = i % 2 === 1 && (i < bobIsAwayFrom || i >= bobIsBackAt);
      await write(bobWrites ? bob : alice, line(i));
    }
    await outage;

    for (const page of [alice, bob]) {
      await expect.poll(async () => missingFrom(await wholeChat(page)), { timeout: 120_000, interval: 2000 }).toEqual([]);
    }

    for (const page of [alice, bob]) {
      const chat = await wholeChat(page);
      const texts = chat.map((shown) => shown.text);
      expect(texts.length).toBe(MESSAGES + 1);
      expect(new Set(texts).size).toBe(MESSAGES + 1);
      for (const mine of [true, false]) {
        const numbers = chat
          .filter((shown) => shown.mine === mine && shown.text !== "hello world")
          .map((shown) => Number(shown.text.split(" ")[1]));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }
    }

    const words = await app.keepWords(alice);
    await nothingLeaked(words);
  },
);

async function write(page: Page, text: string): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => composer.inputValue(), { interval: 5 }).toBe("");
}

async function returning(home: BrowserContext): Promise<Page> {
  const page = await home.newPage();
  await page.goto(wire.url);
  await app.openChat(page, ALICE);
  return page;
}

function missingFrom(chat: readonly app.Shown[]): readonly string[] {
  const texts = new Set(chat.map((shown) => shown.text));
  return ["hello world", ...Array.from({ length: MESSAGES }, (_, i) => line(i))].filter((text) => !texts.has(text));
}

async function nothingLeaked(words: readonly string[]): Promise<void> {
  const p = nodePrimitives();
  const phrase = parsePhrase(p, words.join(" "));
  const account = accountFromPhrase(p, phrase);
  const needles: Needle[] = [
    textNeedle("a name", ALICE),
    textNeedle("a name", BOB),
    textNeedle("a message", "of a confidential thousand"),
    textNeedle("the first message", "hello world"),
    textNeedle("the recovery phrase", words.join(" ")),
    { what: "the phrase's entropy", bytes: phrase.entropy.expose() },
    { what: "the account's private key", bytes: account.privateKey.expose() },
  ];
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const files = await readTree(dataDir);
  const places: [string, Uint8Array][] = [
    ["the relay's log", Buffer.from(relay.output)],
    ["the relay's metrics", Buffer.from(metrics)],
    ...files.map((file): [string, Uint8Array] => [`the relay's file ${file.path}`, file.bytes]),
    ...wire.recorded().map((bytes): [string, Uint8Array] => ["a socket of the relay", bytes]),
  ];
  // What is searched is what was said: the tag of a cell that is on the disk is in the wire's record too.
  expect(files.length).toBeGreaterThan(0);
  expect(wire.recorded().reduce((sum, bytes) => sum + bytes.length, 0)).toBeGreaterThan(MESSAGES * 4096);
  for (const [place, bytes] of places) expect(findIn(bytes, needles), place).toEqual([]);

  await relay.stop();
  const sizes = cellSizes();
  expect(sizes.count).toBeGreaterThanOrEqual(MESSAGES);
  expect(sizes.distinct).toEqual([4096]);
}

/** The sizes of the cells on the relay's disk. */
function cellSizes(): { count: number; distinct: number[] } {
  const database = new DatabaseSync(join(dataDir, "board.sqlite"), { readOnly: true });
  try {
    const rows = database.prepare("SELECT length(body) AS size, count(*) AS n FROM cells GROUP BY size").all() as {
      size: number;
      n: number;
    }[];
    return { count: rows.reduce((sum, row) => sum + row.n, 0), distinct: rows.map((row) => row.size) };
  } finally {
    database.close();
  }
}
