import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { watchPages } from "./watch.ts";

let browser: Browser;
let home: Server;
let elsewhere: Server;

const origin = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function serve(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.setHeader(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; connect-src *; require-trusted-types-for 'script'",
    );
    response.end("<!doctype html><title>A page</title><p>words</p>");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

beforeAll(async () => {
  [home, elsewhere, browser] = await Promise.all([serve(), serve(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  home?.close();
  elsewhere?.close();
});

let page: Page;
let breaches: string[];

beforeEach(async () => {
  breaches = [];
  const context: BrowserContext = await browser.newContext();
  await watchPages(context, breaches);
  page = await context.newPage();
  await page.goto(origin(home));
  return () => context.close();
});

test("a page that keeps its promises is not reported", async () => {
  await page.evaluate(() => fetch("/again").then((answer) => answer.text()));
  expect(breaches).toEqual([]);
});

test("a planted picture from elsewhere is reported", async () => {
  await page.evaluate((url) => {
    const picture = document.createElement("img");
    picture.src = `${url}/track.png`;
    document.body.append(picture);
  }, origin(elsewhere));
  await expect.poll(() => breaches.join()).toMatch(/img-src/);
});

test("a planted style is reported", async () => {
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
  await expect.poll(() => breaches.join()).toMatch(/style-src/);
});

test("a planted sink of HTML is reported", async () => {
  await page.evaluate(() => {
    try {
      document.body.innerHTML = "<b>hi</b>";
    } catch {
      // Trusted Types refuse it; that is what is to be reported.
    }
  });
  await expect.poll(() => breaches.join()).toMatch(/require-trusted-types-for/);
});

test("a planted request and socket to another origin are reported", async () => {
  const other = origin(elsewhere);
  await page.evaluate((url) => fetch(url, { mode: "no-cors" }).then(() => undefined), other);
  await page.evaluate((url) => void new WebSocket(url), other.replace("http", "ws"));
  await expect.poll(() => breaches.length).toBe(2);
  expect(breaches.join()).toMatch(/request to .*socket to /);
});

test("a planted error that nobody catches is reported", async () => {
  await page.evaluate(() => void setTimeout(() => Promise.reject(new Error("planted"))));
  await expect.poll(() => breaches.join()).toMatch(/uncaught: .*planted/);
});
