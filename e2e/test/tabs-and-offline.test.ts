// One account in many tabs, and an account without its relay: who is told what, what waits, and that everything arrives when the relay
// is back. Also the promise every page is sent with, its Content-Security-Policy.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as app from "../src/app.ts";
import { breaches, launchBrowser, newPerson } from "../src/browser.ts";
import { type RelayProcess, startRelayProcess } from "../src/relay-process.ts";
import { webApp } from "../src/web-app.ts";

let dataDir: string;
let webRoot: string;
let relay: RelayProcess;
let browser: Browser;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sotto-offline-"));
  webRoot = await webApp();
  relay = await startRelayProcess({ dataDir, webRoot });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await relay?.stop();
  await rm(dataDir, { recursive: true, force: true });
  expect(breaches).toEqual([]);
});

let alice: Page;
let bob: Page;

beforeEach(async () => {
  alice = await (await newPerson(browser)).newPage();
  bob = await (await newPerson(browser)).newPage();
  await app.start(alice, "Alice", relay.url);
  await app.start(bob, "Bob", relay.url);
  await app.acceptInvite(bob, await app.createInvite(alice));
  await app.openChat(alice, "Bob");
  return async () => {
    for (const page of [alice, bob]) await page.context().close();
  };
});

/** The app's files come from the browser, as they do where the app is installed; what they ask of the relay still goes to the relay. */
async function install(page: Page): Promise<void> {
  // Such files have no address, and Chromium asks people before a page from nowhere may speak to this machine.
  await page.context().grantPermissions(["local-network-access"]);
  await page.context().route(
    (url) => url.origin === relay.url && !url.pathname.startsWith("/v1/"),
    (route) => {
      const { pathname } = new URL(route.request().url());
      return route.fulfill({ path: join(webRoot, pathname === "/" ? "index.html" : pathname) });
    },
  );
}

test("every page comes with a policy that lets nothing in", async () => {
  const answer = await fetch(relay.url);
  const policy = new Map(
    (answer.headers.get("content-security-policy") ?? "").split(";").map((directive) => {
      const [name = "", ...values] = directive.trim().split(" ");
      return [name, values.join(" ")];
    }),
  );
  expect(policy.get("default-src")).toBe("'none'");
  expect(policy.get("script-src")).toBe("'self' 'wasm-unsafe-eval'");
  policy.delete("script-src");
  expect(policy.get("style-src")).toBe("'self'");
  expect(policy.get("require-trusted-types-for")).toBe("'script'");
  expect(policy.get("frame-ancestors")).toBe("'none'");
  expect([...policy.values()].join(" ")).not.toMatch(/unsafe|https?:\/\//);
});

test("under that policy libsodium runs, once the app is at rest", async () => {
  const page = await (await newPerson(browser)).newPage();
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiate as (...given: unknown[]) => Promise<unknown>;
    Object.assign(WebAssembly, {
      async instantiate(...given: unknown[]): Promise<unknown> {
        const made = await instantiate(...given);
        document.documentElement.dataset["wasm"] = "runs";
        return made;
      },
    });
  });
  await page.goto(relay.url);
  expect(await page.waitForSelector("html[data-wasm=runs]")).toBeDefined();
  await page.context().close();
});

/** The other tabs of a person, on the same chat. */
async function moreTabs(page: Page, chat: string, count: number): Promise<Page[]> {
  const tabs: Page[] = [];
  for (let i = 0; i < count; i++) {
    const tab = await page.context().newPage();
    await tab.goto(relay.url);
    await app.openChat(tab, chat);
    tabs.push(tab);
  }
  return tabs;
}

/** The texts of a chat, once so many are shown. */
async function shownTexts(page: Page, count: number): Promise<string[]> {
  await page
    .getByRole("log", { name: "Messages" })
    .getByRole("article")
    .nth(count - 1)
    .waitFor();
  return (await app.lastMessages(page, count + 1)).map(({ text }) => text);
}

/** The tab's renderer dies, as one that runs out of memory does. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}

/** Notes when the next message between tabs passes: with nobody asking for anything, that is the new writer's welcome. */
async function listenForWriter(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(async () => {
    const [database] = await indexedDB.databases();
    const channel = new BroadcastChannel(`sotto ${database?.name}`);
    const heard = new Promise((resolve) => channel.addEventListener("message", () => resolve(Date.now()), { once: true }));
    Object.assign(globalThis, { heard: heard.finally(() => channel.close()) });
  });
  return async () => await page.evaluate(async () => await (globalThis as unknown as { heard: Promise<number> }).heard);
}

test("five tabs of one account: each sends, all show the same, and those that are killed take nothing with them", async () => {
  const tabs = [alice, ...(await moreTabs(alice, "Bob", 4))];
  const texts: string[] = [];
  const say = async (page: Page, text: string): Promise<void> => {
    texts.push(text);
    await app.send(page, text);
  };
  await app.openChat(bob, "Alice");
  for (const [i, tab] of tabs.entries()) await say(tab, `from tab ${i}`);
  await say(bob, "to all tabs");
  for (const page of [...tabs, bob]) expect((await shownTexts(page, texts.length)).toSorted(), "before").toEqual(texts.toSorted());

  const handOvers: number[] = [];
  // Who came first writes, and is followed by who came next.
  while (tabs.length > 1) {
    const writer = tabs.shift() as Page;
    const quiet = tabs.length % 2 === 0;
    const welcomed = await listenForWriter(tabs[0] as Page);
    const sending = quiet ? [] : tabs.map(async (tab, i) => await say(tab, `while ${i} of ${tabs.length} sent`));
    for (const sent of sending) sent.catch(() => undefined);
    const killed = Date.now();
    await crash(writer);
    if (quiet) handOvers.push((await welcomed()) - killed);
    await Promise.all(sending);
    await say(tabs.at(-1) as Page, `after the death of one, ${tabs.length} left`);
    await app.message(bob, texts.at(-1) as string).waitFor();
    await say(bob, `to the ${tabs.length} that are left`);
    for (const page of [...tabs, bob]) expect((await shownTexts(page, texts.length)).toSorted()).toEqual(texts.toSorted());
  }
  if (process.env["SOTTO_THOROUGH"] === "1") process.stdout.write(`hand-over between tabs, ms: ${handOvers.join(", ")}\n`);
});

test("a tab shows the connection although another one has it", async () => {
  const [second] = (await moreTabs(alice, "Bob", 1)) as [Page];
  await relay.kill();
  const line = second.getByText("The relay does not answer. What you write waits here.");
  await line.waitFor();
  await relay.start();
  await line.waitFor({ state: "hidden" });
  expect(await line.count()).toBe(0);
});

test("without the relay messages wait, through a reload too; with it they go, and an answer says that they arrived", async () => {
  await app.send(bob, "before the relay went");
  await app.message(alice, "before the relay went").waitFor();
  await install(alice);
  await relay.kill();

  await alice.getByText("The relay does not answer. What you write waits here.").waitFor();
  await app.send(alice, "written without a relay");
  await app.waitForStatus(alice, "queued");

  await alice.reload();
  await app.message(alice, "written without a relay").waitFor();
  await app.message(alice, "before the relay went").waitFor();
  await app.waitForStatus(alice, "queued");
  await app.send(alice, "and after a reload");
  expect((await app.lastMessages(alice)).map(({ text }) => text)).toEqual([
    "before the relay went",
    "written without a relay",
    "and after a reload",
  ]);
  expect((await app.lastMessages(alice, 1))[0]?.status).toBe("queued");

  await relay.start();
  await app.waitForStatus(alice, "sent");
  await app.openChat(bob, "Alice");
  await app.message(bob, "and after a reload").waitFor();
  await app.send(bob, "I have both");
  await app.waitForStatus(alice, "delivered");
  expect((await app.lastMessages(bob)).map(({ text }) => text)).toEqual([
    "before the relay went",
    "written without a relay",
    "and after a reload",
    "I have both",
  ]);
  await alice.getByText("The relay does not answer. What you write waits here.").waitFor({ state: "hidden" });
});
