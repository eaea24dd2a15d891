// What most journeys need: a relay process on a disk of its own that serves the web app, and a browser in front of it. Not a concern here:
// people, what they do.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { breaches, launchBrowser, newPerson } from "./browser.ts";
import { type RelayProcess, startRelayProcess } from "./relay-process.ts";
import { webApp } from "./web-app.ts";

/** A relay and a browser. */
export interface Stage {
  readonly relay: RelayProcess;
  readonly browser: Browser;
  /** A page of somebody new. */
  newPage(): Promise<Page>;
  /** Ends all of it and takes its disk away. Throws when a page has done something against its promises. */
  close(): Promise<void>;
}

/** Sets everything up. */
export async function openStage(): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), "sotto-stage-"));
  const relay = await startRelayProcess({ dataDir, webRoot: await webApp() });
  const browser = await launchBrowser();
  return {
    relay,
    browser,
    newPage: async () => await (await newPerson(browser)).newPage(),
    async close() {
      await browser.close();
      await relay.stop();
      await rm(dataDir, { recursive: true, force: true });
      if (breaches.length > 0) throw new Error(`pages did what they must not:\n${breaches.join("\n")}`);
    },
  };
}
