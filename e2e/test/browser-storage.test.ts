// The browser's storage in a real browser: the rules of every storage, a real quota, two tabs, a page that is not secure.

import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build, type Rollup } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { storageCases } from "@sotto/client/testing";
import { launchBrowser, newPerson } from "../src/browser.ts";
import type { StorageSuite } from "../src/storage-page.ts";

declare const suite: StorageSuite;

/** The entry's name, and every part by its path: some are loaded later. */
let entry: string;
let parts: ReadonlyMap<string, string>;
let browser: Browser;
let person: BrowserContext;

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, lib: { entry: join(import.meta.dirname, "../src/storage-page.ts"), formats: ["es"] } },
  });
  const [{ output }] = result as Rollup.RollupOutput[] as [Rollup.RollupOutput];
  entry = output[0].fileName;
  parts = new Map(output.flatMap((part) => (part.type === "chunk" ? [[`/${part.fileName}`, part.code] as const] : [])));
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => await browser.close());
beforeEach(async () => void (person = await newPerson(browser)));
afterEach(async () => await person.close());

/** A page with the suite. No server: the browser's requests are answered here. */
async function open(origin = "https://storage.test"): Promise<Page> {
  const page = await person.newPage();
  await page.route("**/*", async (route) => {
    const part = parts.get(new URL(route.request().url()).pathname);
    await route.fulfill(
      part === undefined
        ? { contentType: "text/html", body: `<script type="module" src="/${entry}"></script>` }
        : { contentType: "text/javascript", body: part },
    );
  });
  await page.goto(origin);
  await page.waitForFunction(() => "suite" in globalThis);
  return page;
}

test("keeps every rule of a storage", async () => {
  const page = await open();
  const names = await page.evaluate(() => suite.names);
  expect(names).toEqual(storageCases.map(({ name }) => name));
  for (const name of names) expect(await page.evaluate(async (rule) => await suite.run(rule), name), name).toBeUndefined();
});

test("a full quota refuses the whole batch; what was there stays", async () => {
  const page = await open();
  // Before the database is opened: Chromium remembers for a while how much room there was.
  const devtools = await person.newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: "https://storage.test", quotaSize: 1_000_000 });
  expect(await page.evaluate(async () => await suite.use("account", { put: 1, bytes: 1 }))).toBe("stored");
  expect(await page.evaluate(async () => await suite.use("account", { put: 2, bytes: 20_000_000 }))).toBe("storage/full");
  expect(await page.evaluate(async () => await suite.use("account", { get: 1 }))).toBe(65_536);
  expect(await page.evaluate(async () => await suite.use("account", { get: 2 }))).toBeUndefined();
});

test("one tab holds the lock until it is closed, and what it stored is there afterwards", async () => {
  const [one, two] = [await open(), await open()];
  expect(await one.evaluate(async () => await suite.use("account", "lock"))).toBe("locked");
  expect(await one.evaluate(async () => await suite.use("account", { put: 1, bytes: 1 }))).toBe("stored");
  expect(await two.evaluate(async () => await suite.use("account", "lock"))).toBe("storage/locked");
  await one.close();
  await expect.poll(async () => await two.evaluate(async () => await suite.use("account", "lock"))).toBe("locked");
  expect(await two.evaluate(async () => await suite.use("account", { get: 1 }))).toBe(65_536);
});

test("a page that is not secure is told why nothing can be kept", async () => {
  const page = await open("http://storage.test");
  expect(await page.evaluate(async () => await suite.use("account", { get: 1 }))).toBe("storage/unavailable");
});
