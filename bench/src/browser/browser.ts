// `npm run bench:browser -- --runs 9`: our sessions beside olm in Chromium, the same work in one page, in turn. Builds the page, serves it to
// the browser without a server, prints what it measured. `--profile` also says where our time goes in
// a ping-pong, or in the pattern of `--only`.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, type Rolldown } from "vite";
import { launchBrowser } from "../../../e2e/src/browser.ts";
import { printTable } from "../measure.ts";
import type { Order } from "./page.ts";
import { printProfile, type Profile } from "./profile.ts";

const ORIGIN = "http://bench.test";
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>race</title><script src="/olm.js"></script><script type="module" src="/page.js"></script>';
const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };

const races: readonly { title: string; order: Omit<Order, "runs"> }[] = [
  { title: "setup: bundle, first encrypt, first decrypt", order: { pattern: "setup", counts: [20, 50, 50] } },
  { title: "one-way, 256 bytes", order: { pattern: "one-way", counts: [4000, 4000, 4000] } },
  { title: "ping-pong, 256 bytes", order: { pattern: "ping-pong", counts: [300, 500, 500] } },
];

const { values } = parseArgs({
  options: { runs: { type: "string", default: "9" }, only: { type: "string" }, profile: { type: "boolean", default: false } },
});

const olm = createRequire(import.meta.url).resolve("@matrix-org/olm");
const files: Readonly<Record<string, string | Buffer>> = {
  "page.html": PAGE,
  "page.js": await buildPage(),
  "olm.js": readFileSync(olm),
  "olm.wasm": readFileSync(join(olm, "..", "olm.wasm")),
};

const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  await page.route("**/*", async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const body = files[name];
    if (body === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ body, contentType: TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream" });
  });
  await page.goto(`${ORIGIN}/page.html`);
  for (const { title, order } of races) {
    if (values.only !== undefined && values.only !== order.pattern) continue;
    const rows = await page.evaluate(async (wanted) => await runRace(wanted), { ...order, runs: Number(values.runs) });
    printTable(`${title} (Chromium ${browser.version()})`, rows);
  }
  if (values.profile) {
    const session = await page.context().newCDPSession(page);
    await session.send("Profiler.enable");
    await session.send("Profiler.start");
    for (const { order } of races.filter((one) => one.order.pattern === (values.only ?? "ping-pong"))) {
      await page.evaluate(async (wanted) => await runRace(wanted), { ...order, counts: [order.counts[0], 1, 1] as const, runs: 5 });
    }
    printProfile((await session.send("Profiler.stop")).profile as Profile);
  }
} finally {
  await browser.close();
}

async function buildPage(): Promise<string> {
  const made = await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2023",
      // Names stay readable in a profile; whether they are short makes no difference to speed.
      minify: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(import.meta.dirname, "page.ts") },
    },
  });
  const [first] = (Array.isArray(made) ? made : [made]) as readonly Rolldown.RolldownOutput[];
  const chunk = first?.output.find((part) => part.type === "chunk");
  if (chunk === undefined) throw new Error("the page was not built");
  return chunk.code;
}
