// A Chromium with a profile on a disk, in whose tabs one device lives: killed -9 with all of them, and started again on the same profile when the
// next tab is opened. Takes a folder; gives tabs. Not a concern here: what a tab is asked.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromiumPath, FLAGS } from "../../../../e2e/src/browser.ts";
import type { Faults } from "../faults.ts";
import type { Report } from "../program.ts";
import type { Host, Life } from "../stage.ts";
import { type PageServer, servePage } from "./page-server.ts";
import { Tab } from "./tab.ts";

/** What it runs on. */
export interface BrowserPlace {
  /** The device that lives in it. */
  readonly device: string;
  /** The folder of its profile. */
  readonly profile: string;
  readonly relay: string;
  readonly faults: Pick<Faults, "strikes">;
}

interface Running {
  readonly child: ChildProcess;
  readonly browser: Browser;
}

/** The browser over all its lives. */
export class TabbedBrowser implements Host {
  readonly device: string;
  kills = 0;
  readonly #place: BrowserPlace;
  readonly #server: PageServer;
  readonly #tabs = new Set<Tab>();
  #running: Promise<Running> | undefined;
  #gone: Promise<void> = Promise.resolve();

  private constructor(place: BrowserPlace, server: PageServer) {
    this.device = place.device;
    this.#place = place;
    this.#server = server;
  }

  /** Builds the page that its tabs show. It starts with the first tab. */
  static async build(place: BrowserPlace): Promise<TabbedBrowser> {
    return new TabbedBrowser(place, await servePage());
  }

  /** Opens a tab, in a browser that is started if none runs. */
  launch(reported: (report: Report) => void): Life {
    const { device, relay, faults } = this.#place;
    const url = `${this.#server.url}?${new URLSearchParams({ relay, name: device }).toString()}`;
    const tab = new Tab({ url, newPage: () => this.#newPage(), crashes: () => faults.strikes("tab crash"), reported });
    this.#tabs.add(tab);
    return tab;
  }

  async kill(): Promise<void> {
    this.kills++;
    await this.#end();
  }

  async close(): Promise<void> {
    await this.#end();
    await this.#server.stop();
  }

  async #end(): Promise<void> {
    for (const tab of this.#tabs) tab.end();
    this.#tabs.clear();
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined) this.#gone = running.then(killed);
    await this.#gone;
  }

  async #newPage(): Promise<Page> {
    this.#running ??= this.#start();
    const { browser } = await this.#running;
    const [profile] = browser.contexts();
    if (profile === undefined) throw new Error("the browser has no profile");
    return await profile.newPage();
  }

  async #start(): Promise<Running> {
    await this.#gone;
    const flags = [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${this.#place.profile}`];
    const child = spawn(chromiumPath() ?? "chromium", [...flags, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
    return { child, browser: await chromium.connectOverCDP(await addressOf(child)) };
  }
}

/** Where a browser that has just been started is spoken to. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error("no pipe");
  const lines = createInterface({ input: child.stderr });
  return await new Promise((resolve, reject) => {
    let said = "";
    lines.on("line", (line) => {
      const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address === undefined) said += `${line}\n`;
      else resolve(address);
    });
    child.once("error", reject);
    child.once("close", () => reject(new Error(`Chromium did not start:\n${said}`)));
  });
}

async function killed({ child, browser }: Running): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
  child.kill("SIGKILL");
  await gone;
  await browser.close();
}
