// One life of a device in a tab: opened, asked, then closed, or its renderer crashed. From the moment of its death on nothing that it says is
// heard. Takes a way to a page; gives calls. Not a concern here: the browser (tabbed-browser.ts).

import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { AnswerLine, TaskLine } from "../lines.ts";
import type { Report } from "../program.ts";
import { RemoteDevice } from "../remote-device.ts";
import type { Life } from "../stage.ts";
import type { TabWindow } from "./page.ts";

declare const ask: TabWindow["ask"];

/** Within this a tab that dies soon is dead, ms: as long as it takes to ask another tab, to seal and to store a message. */
const SOON_MS = 40;

/** What a tab runs on, and who hears it. */
export interface TabPlace {
  /** The page's address, with what it is told by it. */
  readonly url: string;
  newPage(): Promise<Page>;
  /** Whether it dies by a crash, asked when it dies. */
  crashes(): boolean;
  reported(report: Report): void;
}

/** A running tab. */
export class Tab implements Life {
  readonly remote: RemoteDevice;
  readonly #place: TabPlace;
  readonly #page: Promise<Page>;
  /** What it ended by itself with: a crash of its own, an error that nothing caught. */
  complaint = "";
  #dead = false;

  constructor(place: TabPlace) {
    this.#place = place;
    this.remote = new RemoteDevice((line) => void this.#ask(line), place.reported);
    this.#page = this.#open();
    this.#page.catch((error: unknown) => this.#failed(String(error)));
  }

  get alive(): boolean {
    return this.complaint === "";
  }

  /** Closes it or crashes its renderer. */
  async kill(soon?: number): Promise<void> {
    if (soon !== undefined) await sleep(soon * SOON_MS);
    const crashes = !this.#dead && this.#place.crashes();
    this.end();
    try {
      const page = await this.#page;
      if (crashes) await crash(page);
      await page.close();
    } catch {
      // The browser is dead, and the page with it.
    }
  }

  /** Hears nothing of it any more: the browser dies, and it dies with it. */
  end(): void {
    this.#dead = true;
    this.remote.end();
  }

  async #open(): Promise<Page> {
    const page = await this.#place.newPage();
    page.on("crash", () => this.#failed("its renderer crashed"));
    page.on("close", () => this.#failed("its page was closed"));
    page.on("pageerror", (error) => this.#failed(error.stack ?? error.message));
    await page.exposeFunction("say", (line: string) => {
      if (!this.#dead) this.remote.take(JSON.parse(line) as AnswerLine);
    });
    await page.goto(this.#place.url);
    await page.waitForFunction(() => "ask" in globalThis);
    return page;
  }

  async #ask(line: TaskLine): Promise<void> {
    try {
      await (await this.#page).evaluate((task) => ask(task), line);
    } catch (error) {
      this.#failed(String(error));
    }
  }

  /** It ended by itself, unless it is dead already. */
  #failed(complaint: string): void {
    if (this.#dead) return;
    this.complaint = complaint;
    this.end();
  }
}

/** The tab's renderer dies, as one that runs out of memory does. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}
