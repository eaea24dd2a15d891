// @sotto/client/testing in a real browser: the same relay, on the portable primitives, without any server.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../src/browser.ts";
import { bundleCode } from "../../tools/bundle.ts";

const PAGE = "http://app.example/";
/** What an app's test does; its answer is the page's title. */
const CODE = `
import { createTestRelay } from "@sotto/client/testing";
const relay = createTestRelay();
const [alice, bob] = [await relay.client("Alice"), await relay.client("Bob")];
const chat = await bob.invites.accept((await alice.invites.create()).url);
relay.fault({ delay: 100 });
await chat.send("hello world");
await relay.advance(1000);
const [conversation] = alice.conversations.list.get();
const leak = relay.saw("hello world") === undefined ? "nothing leaks" : "it leaks";
document.title = conversation.state.get().lastMessage.text + ", " + leak;
`;

let browser: Browser;
beforeAll(async () => void (browser = await launchBrowser()));
afterAll(async () => await browser?.close());

test("two people talk in one page", async () => {
  const { chunks } = await bundleCode(CODE);
  const entry = chunks.find(({ isEntry }) => isEntry)?.fileName ?? "";
  const files = new Map(chunks.map(({ fileName, code }) => [`/${fileName}`, code]));
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.route(`${PAGE}**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const body = files.get(pathname);
    if (body !== undefined) await route.fulfill({ body, contentType: "text/javascript" });
    else await route.fulfill({ body: `<!doctype html><script type="module" src="/${entry}"></script>`, contentType: "text/html" });
  });
  await page.goto(PAGE);
  await page.waitForFunction(() => document.title !== "");
  expect([await page.title(), errors]).toEqual(["hello world, nothing leaks", []]);
});
