// A device of which somebody has a copy: sending stops and the person is asked, and makes the device a new one, which the copy can neither
// read nor follow; and a verified contact's new device is told what it missed only after a yes.

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit, bringAxe } from "../src/accessibility.ts";
import * as app from "../src/app.ts";
import { launchDevice, newPerson } from "../src/browser.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;
let disk: string;

beforeAll(async () => {
  stage = await openStage();
  disk = await mkdtemp(join(tmpdir(), "sotto-disk-"));
});

afterAll(async () => {
  await stage?.close();
  await rm(disk, { recursive: true, force: true });
});

async function newPage(): Promise<Page> {
  const person = await newPerson(stage.browser);
  await bringAxe(person);
  return await person.newPage();
}

/** The device whose disk is this folder, at the app. */
async function open(folder: string): Promise<Page> {
  const device = await launchDevice(join(disk, folder));
  await bringAxe(device);
  const page = await device.newPage();
  await page.goto(stage.relay.url);
  return page;
}

const notice = (page: Page, title: string) => page.getByRole("region", { name: "Conversation" }).getByRole("region", { name: title });

test("a copied device is noticed, and becomes a new one", async () => {
  const first = await open("device");
  await app.start(first, "Alice");
  const bob = await newPage();
  await app.start(bob, "Bob", stage.relay.url);
  await app.acceptInvite(bob, await app.createInvite(first));
  await app.send(bob, "hello");
  await app.openChat(first, "Bob");
  await app.send(first, "hello Bob");
  await app.message(bob, "hello Bob").waitFor();
  await app.verify(bob);
  await first.context().close();
  await cp(join(disk, "device"), join(disk, "copy"), { recursive: true });

  const copy = await open("copy");
  await app.openChat(copy, "Bob");
  for (const text of ["forged 1", "forged 2", "forged 3"]) await app.send(copy, text);
  await app.message(bob, "forged 3").waitFor();

  const alice = await open("device");
  await app.openChat(alice, "Bob");
  await app.send(alice, "from Alice herself");
  const alarm = notice(alice, "Sending to Bob has stopped");
  await alarm.waitFor();
  expect(await audit(alice)).toEqual([]);
  await app.waitForStatus(alice, "queued");
  expect(await app.message(bob, "from Alice herself").isVisible()).toBe(false);

  // What was written and is not known to have arrived: the new device is asked about, because Alice is verified.
  await app.send(bob, "are you there?");
  await alarm.getByRole("button", { name: "It was not me" }).click();
  await alice.getByRole("dialog").getByRole("button", { name: "Renew this device" }).click();
  await alice.getByText("This device is renewed").waitFor();
  await alice.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await alarm.waitFor({ state: "detached" });
  await app.message(bob, "from Alice herself").waitFor();

  const ask = notice(bob, "Send again what Alice missed?");
  await ask.waitFor();
  expect(await audit(bob)).toEqual([]);
  await ask.getByRole("button", { name: "Send again" }).click();
  await ask.waitFor({ state: "detached" });
  await app.send(bob, "for Alice only");
  await app.message(alice, "for Alice only").waitFor();
  expect(await app.message(copy, "for Alice only").isVisible()).toBe(false);
  for (const page of [alice, copy]) await page.context().close();
});
