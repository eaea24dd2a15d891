// Lives in tabs, each death once: what the chaos relies on when it counts a promise.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../../e2e/src/browser.ts";
import { type RelayProcess, startRelayProcess } from "../../../../e2e/src/relay-process.ts";
import { Tab } from "./tab.ts";
import { TabbedBrowser } from "./tabbed-browser.ts";

let folder: string;
let relay: RelayProcess;
let browser: TabbedBrowser;
let crashing = true;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sotto-tabs-"));
  relay = await startRelayProcess({ dataDir: join(folder, "relay") });
  browser = await TabbedBrowser.build({
    device: "Alice1",
    profile: join(folder, "profile"),
    relay: relay.url,
    faults: { strikes: () => crashing },
  });
});

afterAll(async () => {
  await browser?.close();
  await relay?.stop();
  await rm(folder, { recursive: true, force: true });
});

const ignored = (): void => undefined;

test("what tabs promised outlives a crash, a closed tab and a killed browser", async () => {
  const [first, second] = [browser.launch(ignored), browser.launch(ignored)];
  const id = await first.remote.call("create", "Alice");
  await second.remote.call("open", "start");
  await second.remote.call("send", id, 0);

  await first.kill();
  await second.remote.call("send", id, 1);
  expect([second.alive, second.complaint]).toEqual([true, ""]);

  const third = browser.launch(ignored);
  await third.remote.call("open", "start");
  crashing = false;
  await second.kill();
  await third.remote.call("send", id, 2);
  const answer = third.remote.call("send", id, 3).catch((error: { code: string }) => error.code);
  await browser.kill();
  expect([await answer, third.alive, browser.kills]).toEqual(["died", true, 1]);

  const shown: number[] = [];
  const fourth = browser.launch((report) => report.report === "shown" && shown.push(report.number));
  await fourth.remote.call("open", "start");
  const [notes] = await fourth.remote.call("look");
  // The last one was not promised: it may be there.
  expect(notes?.history.slice(0, 3)).toEqual([0, 1, 2]);
  await expect.poll(() => shown).toEqual(notes?.history);
});

test("a tab that dies by itself says so, and answers nothing more", async () => {
  const other = await launchBrowser();
  const tab = new Tab({ url: "chrome://crash", newPage: () => other.newPage(), crashes: () => false, reported: ignored });
  await expect(tab.remote.call("look")).rejects.toThrow("died");
  expect([tab.alive, tab.complaint]).toEqual([false, expect.stringMatching(/crash/i)]);
  await other.close();
});
