// The client's races in Chromium: builds the page, serves it to the browser without a server, from an origin that counts as secure, and
// prints what it measured. Not a concern here: what the page does (page.ts).

import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { launchBrowser } from "../../../e2e/src/browser.ts";
import { printTable } from "../measure.ts";
import type { Order } from "./page.ts";

const ORIGIN = "https://bench.test";
const PAGE = '<!doctype html><meta charset="utf-8"><title>race</title><script type="module" src="/page.js"></script>';

/** Runs a race in a page of its own and prints its table. */
export async function raceInBrowser(title: string, order: Order): Promise<void> {
  const files = await buildPage();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.route("**/*", async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      const script = files.get(name);
      if (script !== undefined) await route.fulfill({ body: script, contentType: "text/javascript" });
      else if (name === "") await route.fulfill({ body: PAGE, contentType: "text/html" });
      else await route.fulfill({ status: 404 });
    });
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction(() => typeof raceClient === "function");
    printTable(`${title} (${browser.version()})`, await page.evaluate(async (wanted) => await raceClient(wanted), order));
  } finally {
    await browser.close();
  }
}

async function buildPage(): Promise<ReadonlyMap<string, string>> {
  const made = await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    // What makes the scene was written for Node; only its cryptography is Node's.
    resolve: { alias: { "@sotto/protocol/primitives/node": join(import.meta.dirname, "scene-primitives.ts") } },
    build: {
      write: false,
      target: "es2023",
      minify: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: join(import.meta.dirname, "page.ts"),
        output: { entryFileNames: "page.js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  const [output] = (Array.isArray(made) ? made : [made]) as readonly Rolldown.RolldownOutput[];
  const chunks = output?.output.filter((part): part is Rolldown.OutputChunk => part.type === "chunk") ?? [];
  return new Map(chunks.map(({ fileName, code }) => [fileName, code]));
}
