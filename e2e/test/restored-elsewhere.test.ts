// A verified contact's account is restored on another device: nothing is sent until the person has asked them, and says so in the chat.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit, bringAxe } from "../src/accessibility.ts";
import * as app from "../src/app.ts";
import { newPerson } from "../src/browser.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;

beforeAll(async () => void (stage = await openStage()));

afterAll(async () => await stage?.close());

async function restoreWithBackup(page: Page, words: readonly string[]): Promise<void> {
  await page.goto(stage.relay.url);
  await page.getByRole("button", { name: "I have 24 words" }).click();
  await page.getByRole("textbox", { name: "Your 24 words" }).fill(words.join(" "));
  await page.getByRole("radio", { name: /^Look at the relay/ }).check();
  await page.getByRole("button", { name: "Restore" }).click();
  await app.joined(page);
}

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
  await restoreWithBackup(again, words);

  const alarm = bob.getByRole("region", { name: "Was it Alice?" });
  await alarm.waitFor();
  expect(await audit(bob)).toEqual([]);
  const composer = bob.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill("is it you?");
  await bob.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => composer.inputValue()).toBe("is it you?");
  await alarm.getByRole("button", { name: "It was them" }).click();
  await alarm.waitFor({ state: "detached" });
  await bob.getByRole("button", { name: "Send" }).click();
  await app.message(bob, "is it you?").waitFor();
  await app.openChat(again, "Bob");
  await app.message(again, "is it you?").waitFor();
});
