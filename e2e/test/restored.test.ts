// Accounts that come back from their 24 words and a backup. Restored on another device: a verified contact sends nothing until the person has
// asked, and says so in the chat. With a backup that is damaged: the account is there all the same, and it is said what is missing.

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit, bringAxe } from "../src/accessibility.ts";
import * as app from "../src/app.ts";
import { newPerson } from "../src/browser.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;

beforeAll(async () => void (stage = await openStage()));

afterAll(async () => await stage?.close());

async function restore(page: Page, words: readonly string[], backup: "relay" | Buffer): Promise<void> {
  await page.goto(stage.relay.url);
  await page.getByRole("button", { name: "I have 24 words" }).click();
  await page.getByRole("textbox", { name: "Your 24 words" }).fill(words.join(" "));
  await page.getByRole("radio", { name: backup === "relay" ? /^Look at the relay/ : /^I have a backup file/ }).check();
  if (backup !== "relay") await page.getByLabel("The backup file").setInputFiles(fileOf(backup));
  await page.getByRole("button", { name: "Restore" }).click();
}

const fileOf = (buffer: Buffer) => ({ name: "sotto.backup", mimeType: "application/octet-stream", buffer });

test("a restored account is asked about before anything is sent", async () => {
  const alice = await stage.newPage();
  const person = await newPerson(stage.browser);
  await bringAxe(person);
  const bob = await person.newPage();
  await app.start(alice, "Alice", stage.relay.url);
  await app.start(bob, "Bob", stage.relay.url);
  await app.acceptInvite(bob, await app.createInvite(alice));
  await app.send(bob, "hello");
  await app.openChat(alice, "Bob");
  await app.send(alice, "hello Bob");
  await app.message(bob, "hello Bob").waitFor();
  await app.verify(bob);
  await bob.getByRole("complementary").getByRole("button", { name: "Close" }).click();

  const words = await app.keepWords(alice);
  await alice.evaluate(() => (location.hash = "#/settings/backup"));
  await alice.getByRole("radio", { name: /^Keep one/ }).click();
  await alice.getByText(/^The newest is of/).waitFor();
  const again = await stage.newPage();
  await restore(again, words, "relay");
  await app.joined(again);

  const alarm = bob.getByRole("region", { name: "Was it Alice?" });
  await alarm.waitFor();
  expect(await audit(bob)).toEqual([]);
  const composer = bob.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill("is it you?");
  await bob.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => composer.inputValue()).toBe("is it you?");
  expect(await app.message(bob, "is it you?").count()).toBe(0);
  await alarm.getByRole("button", { name: "It was them" }).click();
  await alarm.waitFor({ state: "detached" });
  await bob.getByRole("button", { name: "Send" }).click();
  await app.message(bob, "is it you?").waitFor();
  await app.openChat(again, "Bob");
  await app.message(again, "is it you?").waitFor();
});

test("a damaged backup leaves the account, and says so where another can be taken in", async () => {
  const alice = await stage.newPage();
  await app.start(alice, "Alice", stage.relay.url);
  const words = await app.keepWords(alice);
  await alice.evaluate(() => (location.hash = "#/settings/backup"));
  const download = alice.waitForEvent("download");
  await alice.getByRole("button", { name: "Save a backup file" }).click();
  const whole = await readFile(await (await download).path());

  const again = await stage.newPage();
  await restore(again, words, whole.subarray(0, -1));
  const sheet = again.getByRole("dialog", { name: "Backup" });
  await sheet.getByText("This backup is damaged", { exact: true }).waitFor();
  await sheet.getByLabel("From a backup file").setInputFiles(fileOf(whole));
  await sheet.getByText("Nothing was missing").waitFor();
  expect(await sheet.getByText("This backup is damaged").count()).toBe(0);
});
