// QR login as people do it: one screen shows a code, the other device's camera films it. Phone to desktop, in both directions, as a link
// and as a transfer; afterwards both devices send and receive as the same account.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as app from "../src/app.ts";
import { breaches, DESKTOP, PHONE, launchBrowser, newPerson } from "../src/browser.ts";
import { film } from "../src/camera.ts";
import { type RelayProcess, startRelayProcess } from "../src/relay-process.ts";
import { webApp } from "../src/web-app.ts";

let dir: string;
let relay: RelayProcess;
/** Each device has a camera of its own, so each is a browser of its own. */
let phoneBrowser: Browser;
let desktopBrowser: Browser;
const cameraOf = { phone: "", desktop: "" };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sotto-qr-"));
  cameraOf.phone = join(dir, "phone.y4m");
  cameraOf.desktop = join(dir, "desktop.y4m");
  relay = await startRelayProcess({ dataDir: join(dir, "relay"), webRoot: await webApp() });
  phoneBrowser = await launchBrowser({ cameraFile: cameraOf.phone });
  desktopBrowser = await launchBrowser({ cameraFile: cameraOf.desktop });
}, 120_000);

afterAll(async () => {
  await Promise.all([phoneBrowser?.close(), desktopBrowser?.close()]);
  await relay?.stop();
  await rm(dir, { recursive: true, force: true });
  expect(breaches).toEqual([]);
});

let phone: Page;
let desktop: Page;
let bob: Page;

beforeEach(async () => {
  // A film of an earlier code must not be what this test's camera reads: without a film there is no camera.
  for (const file of [cameraOf.phone, cameraOf.desktop]) await rm(file, { force: true });
  phone = await (await newPerson(phoneBrowser, { viewport: PHONE })).newPage();
  desktop = await (await newPerson(desktopBrowser, { viewport: DESKTOP, colorScheme: "dark" })).newPage();
  bob = await (await newPerson(desktopBrowser)).newPage();
  await app.start(phone, "Alice", relay.url);
  await app.start(bob, "Bob", relay.url);
  await app.acceptInvite(bob, await app.createInvite(phone));
  await app.send(bob, "before there was a desktop");
  await app.openChat(phone, "Bob");
  await app.message(phone, "before there was a desktop").waitFor();
  return async () => {
    for (const page of [phone, desktop, bob]) await page.context().close();
  };
});

/** The new desktop and the old phone are one account: each writes, Bob and the other get it; Bob writes, both get it. */
async function expectSameAccount(): Promise<void> {
  await app.openChat(desktop, "Bob");
  await app.send(desktop, "from the desktop");
  await app.message(bob, "from the desktop").waitFor();
  await app.openChat(phone, "Bob");
  await app.message(phone, "from the desktop").waitFor();
  await app.send(phone, "from the phone");
  await app.message(bob, "from the phone").waitFor();
  await app.message(desktop, "from the phone").waitFor();
  await app.send(bob, "to both of you");
  for (const page of [phone, desktop]) await app.message(page, "to both of you").waitFor();
  const authors = (await app.lastMessages(desktop, 3)).map((shown) => shown.mine);
  expect(authors).toEqual([true, true, false]);
}

describe("the phone's camera reads the desktop's code", () => {
  test("link", { timeout: 120_000 }, async () => {
    await app.showJoinCode(desktop, relay.url);
    await film(desktop, cameraOf.phone, ".qr");
    await app.linkByCamera(phone);
    await app.approve(phone, await app.shownDigits(desktop));
    await app.reply(desktop, await app.shownDigits(phone));
    await app.joined(desktop);
    await app.linked(phone);
    expect(await app.deviceNames(phone)).toHaveLength(2);
    await expectSameAccount();
  });
});

describe("the desktop's camera reads the phone's code", () => {
  test("transfer: the desktop also holds the 24 words", { timeout: 120_000 }, async () => {
    await app.offerCode(phone);
    await film(phone, cameraOf.desktop, ".qr");
    await app.joinByCamera(desktop, relay.url);
    await app.approve(phone, await app.shownDigits(desktop), "transfer");
    await app.joined(desktop);
    await app.linked(phone);
    expect(await app.keepWords(desktop)).toEqual(await app.keepWords(phone));
    await expectSameAccount();
  });

  test("a wrong code ends it on both sides, and nothing was handed over", { timeout: 120_000 }, async () => {
    await app.offerCode(phone);
    await film(phone, cameraOf.desktop, ".qr");
    await app.joinByCamera(desktop, relay.url);
    const digits = await app.shownDigits(desktop);
    const wrong = String((Number(digits) + 1) % 1_000_000).padStart(6, "0");
    await app.approve(phone, wrong);
    for (const page of [phone, desktop]) await page.getByText("The digits do not match").waitFor();
    expect(await desktop.getByRole("region", { name: "Chats" }).count()).toBe(0);
  });
});

test("without a camera the code travels as text, and two codes are compared", { timeout: 120_000 }, async () => {
  await app.joinByCode(desktop, await app.offerCode(phone), relay.url);
  await app.approve(phone, await app.shownDigits(desktop));
  await app.reply(desktop, await app.shownDigits(phone));
  await app.joined(desktop);
  await app.linked(phone);
  await expectSameAccount();
});
