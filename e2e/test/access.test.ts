// Every screen of the app, audited against WCAG 2.2 A and AA on a desktop and a phone, in light and dark. Each screen is reached as
// people reach it or by its place in the address bar; what is asked of it is no violation at all.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audit, bringAxe, violations } from "../src/accessibility.ts";
import * as app from "../src/app.ts";
import { newPerson } from "../src/browser.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;

beforeAll(async () => void (stage = await openStage()));

afterAll(async () => await stage?.close());

async function newPage(): Promise<Page> {
  const person = await newPerson(stage.browser);
  await bringAxe(person);
  return await person.newPage();
}

/** Collects what is wrong, screen by screen, so that one run tells of all. */
class Findings {
  readonly all: string[] = [];

  async look(screen: string, page: Page): Promise<void> {
    for (const violation of await audit(page)) this.all.push(`${screen}, ${violation}`);
  }
}

/** Goes to a place of the open app and waits for its sheet. */
async function openSheet(page: Page, place: string, title: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), place);
  await page.getByRole("dialog", { name: title }).waitFor();
}

test("a planted picture without words and a planted grey on grey are found", async () => {
  const page = await newPage();
  await page.goto(stage.relay.url);
  await page.getByLabel("Your name").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.evaluate(() => {
    document.querySelector("h1")?.style.setProperty("color", "#ddd");
    document.querySelector(".start")?.append(document.createElement("img"));
  });
  const found = (await violations(page)).join("\n");
  expect(found).toContain("image-alt");
  expect(found).toContain("color-contrast");
  await page.context().close();
});

test("before there is an account", async () => {
  const findings = new Findings();
  const page = await newPage();
  await page.goto(stage.relay.url);
  await page.getByLabel("Your name").waitFor();
  await findings.look("start", page);
  await page.getByLabel("Your name").fill("Alice");
  await findings.look("start with a name", page);

  await page.getByRole("button", { name: "I have 24 words" }).click();
  const words = page.getByRole("textbox", { name: "Your 24 words" });
  await findings.look("restore", page);
  await words.fill("1. abandon 2. zebrra 3. hello");
  await page.getByLabel("Your name").focus();
  await page.getByText("One word is not in the list").waitFor();
  await findings.look("restore with a typo", page);
  await page.getByRole("radio", { name: /^I have a backup file/ }).check();
  await page.getByLabel("The backup file").waitFor();
  await findings.look("restore with a backup", page);
  await page.getByRole("button", { name: "Back", exact: true }).click();

  await page.getByRole("button", { name: "I have another device" }).click();
  const show = page.getByRole("button", { name: /^Show a code here/ });
  await show.waitFor();
  await findings.look("join", page);
  await show.click();
  await page.getByText("No camera?").click();
  await findings.look("join, my code", page);
  await page.getByRole("button", { name: "Another way" }).click();
  await page.getByRole("button", { name: /^Scan the code on your other device/ }).click();
  await page.getByLabel("The code of your other device, as text").waitFor();
  await findings.look("join, their code", page);
  expect(findings.all).toEqual([]);
  await page.context().close();
});

describe("with an account", () => {
  let alice: Page;

  beforeAll(async () => {
    alice = await newPage();
    await app.start(alice, "Alice", stage.relay.url);
  });

  test("the empty list and the four ways to meet", async () => {
    const findings = new Findings();
    await findings.look("empty list", alice);
    await openSheet(alice, "#/add/invite", "Add someone");
    await alice.getByLabel("Invite link").waitFor();
    await findings.look("invite", alice);
    await alice.getByRole("tab", { name: "Accept" }).click();
    await findings.look("accept", alice);
    await alice.getByRole("textbox", { name: "Invite link" }).fill("https://example.org/#/i/nothing");
    await alice.getByRole("button", { name: "Look at it" }).click();
    await alice.getByRole("alert").waitFor();
    await findings.look("an invite that is none", alice);
    await alice.getByRole("tab", { name: "Find" }).click();
    await findings.look("find", alice);
    await alice.getByRole("tab", { name: "My address" }).click();
    await findings.look("address", alice);
    await alice.getByLabel("Handle (if you like)").fill("a!");
    await findings.look("a handle that does not fit", alice);
    await app.closeSheet(alice);
    await app.publishAddress(alice, "alice_access");
    await openSheet(alice, "#/add/address", "Add someone");
    await alice.getByText("You are @alice_access").waitFor();
    await findings.look("published address", alice);
    await app.closeSheet(alice);
    expect(findings.all).toEqual([]);
  });

  test("chats, requests and people", async () => {
    const findings = new Findings();
    const link = await app.createInvite(alice);
    const guest = await newPage();
    await guest.goto(link);
    await guest.getByText("You were invited").waitFor();
    await findings.look("start, invited", guest);
    await guest.context().close();

    const bob = await newPage();
    await app.start(bob, "Bob", stage.relay.url);
    await bob.goto(link);
    await bob.getByRole("dialog", { name: "You are invited" }).getByRole("button", { name: "Accept" }).waitFor();
    await findings.look("invited", bob);
    await app.acceptInvite(bob, link);
    await findings.look("an empty chat", bob);
    await app.send(bob, "Look at https://example.org/ when you have time");
    await app.send(bob, "It is about tomorrow");
    await app.waitForStatus(bob, "sent");
    await findings.look("chat, my messages", bob);
    await app.chatRow(alice, "Bob").getByText("unread").waitFor();
    await findings.look("list with something unread", alice);
    await app.openChat(alice, "Bob");
    await app.message(alice, "It is about tomorrow").waitFor();
    await app.send(alice, "Tomorrow it is");
    await findings.look("chat, both", alice);
    await app.waitForStatus(bob, "delivered");
    await app.safetyNumber(alice);
    await findings.look("about", alice);
    await alice.getByRole("button", { name: "My code", exact: true }).click();
    await findings.look("about, with the code of the safety number", alice);
    await alice.getByRole("button", { name: "Scan theirs" }).click();
    await alice.getByLabel("Their code as text").fill("something else");
    await alice.getByRole("button", { name: "Compare", exact: true }).click();
    await alice.getByText("This is not a safety number").waitFor();
    await findings.look("about, after a wrong code was scanned", alice);
    await app.verify(alice);
    await findings.look("about, verified", alice);
    await alice.getByRole("button", { name: "Close", exact: true }).click();

    const eve = await newPage();
    await app.start(eve, "Eve", stage.relay.url);
    await openSheet(eve, "#/add/find", "Add someone");
    await eve.getByLabel("Address or handle").fill("@alice_access");
    await eve.getByRole("dialog").getByRole("button", { name: "Find", exact: true }).click();
    await eve.getByText("Safety number", { exact: true }).click();
    await findings.look("found", eve);
    await eve.getByRole("button", { name: "Write", exact: true }).click();
    await app.send(eve, "You do not know me");
    await findings.look("waiting for an answer", eve);
    await eve.context().close();

    const asks = alice.getByRole("button", { name: "Someone asks to talk to you" });
    await asks.waitFor();
    await findings.look("list with a request", alice);
    await asks.click();
    await findings.look("requests", alice);
    await app.closeSheet(alice);
    await alice.getByRole("searchbox", { name: "Find a chat" }).fill("nobody");
    await alice.getByText("No chat has").waitFor();
    await findings.look("nothing found", alice);
    expect(findings.all).toEqual([]);
    await bob.context().close();
  });

  test("settings and their pages", async () => {
    const findings = new Findings();
    await openSheet(alice, "#/settings", "Settings");
    await findings.look("settings", alice);
    await openSheet(alice, "#/settings/backup", "Backup");
    await alice.getByRole("radio", { name: /^Keep one/ }).click();
    await alice.getByText("The newest is of").waitFor();
    await alice.getByText("Bring something back").click();
    await alice.getByRole("button", { name: "From the relay" }).click();
    await alice.getByText("Nothing was missing").waitFor();
    await findings.look("backup", alice);
    await openSheet(alice, "#/settings/words", "Your 24 words");
    await findings.look("24 words, before", alice);
    await alice.getByRole("button", { name: "Show my 24 words" }).click();
    await alice.getByRole("list", { name: "Your 24 words" }).waitFor();
    await findings.look("24 words", alice);
    await alice.getByRole("button", { name: "I wrote them down" }).click();
    await alice
      .getByLabel(/^Word \d+$/)
      .first()
      .waitFor();
    await findings.look("24 words, asked back", alice);
    for (const field of await alice.getByLabel(/^Word \d+$/).all()) await field.fill("wrong");
    await alice.getByRole("button", { name: "Check" }).click();
    await alice.getByText("Not quite").waitFor();
    await findings.look("24 words, not quite", alice);
    await app.closeSheet(alice);
    await app.keepWords(alice);
    await openSheet(alice, "#/settings/words", "Your 24 words");
    await alice.getByText("Kept", { exact: true }).waitFor();
    await findings.look("24 words, kept", alice);
    await openSheet(alice, "#/settings/devices", "Your devices");
    await findings.look("devices", alice);
    await alice.getByRole("list", { name: "Your devices" }).locator("summary").first().click();
    await findings.look("devices, one opened", alice);
    await openSheet(alice, "#/settings/renew", "Renew this device");
    await findings.look("renew", alice);
    await openSheet(alice, "#/settings/relays", "Your relays");
    await alice.getByText("Connected · people write here first").waitFor();
    await findings.look("relays", alice);
    await alice.getByLabel("Add a relay").fill("ftp://relay.example");
    await alice.getByRole("button", { name: "Add", exact: true }).click();
    await alice.getByText("That does not fit").waitFor();
    await findings.look("relays, one that is none", alice);
    await openSheet(alice, "#/settings/link", "Link a device");
    await findings.look("link a device", alice);
    await alice.getByRole("button", { name: /^Show a code here/ }).click();
    await alice.getByText("No camera there?").click();
    await findings.look("link a device, my code", alice);
    const tablet = await newPage();
    await app.joinByCode(tablet, await alice.getByLabel("The code as text").inputValue(), stage.relay.url);
    const digits = await app.shownDigits(tablet);
    await findings.look("join, six digits", tablet);
    await alice.getByLabel("Six digits that it shows").waitFor();
    await findings.look("link a device, its digits", alice);
    await app.approve(alice, digits);
    const second = await app.shownDigits(alice);
    await findings.look("link a device, my digits", alice);
    await tablet.getByLabel("Six digits of your other device").waitFor();
    await findings.look("join, their digits", tablet);
    await app.reply(tablet, second);
    await app.joined(tablet);
    await alice.getByText(/is linked$/).waitFor();
    await findings.look("linked", alice);
    await openSheet(tablet, "#/settings/words", "Your 24 words");
    await findings.look("24 words, on another device", tablet);
    await openSheet(tablet, "#/settings/renew", "Renew this device");
    await tablet.getByRole("textbox", { name: "Your 24 words" }).fill("1. abandon 2. zebrra");
    await findings.look("renew, with words", tablet);
    await tablet.context().close();
    await openSheet(alice, "#/settings/erase", "Take this account off");
    await findings.look("erase", alice);
    await alice.getByLabel(/^Type your name/).fill("Alice");
    await findings.look("erase, sure", alice);
    await openSheet(alice, "#/settings/help", "Keyboard");
    await findings.look("keyboard", alice);
    expect(findings.all).toEqual([]);

    await alice.evaluate(() => document.querySelector<HTMLElement>("dialog dd")?.style.setProperty("color", "#808080"));
    await findings.look("planted in a sheet", alice);
    expect(findings.all.map((found) => found.split(" at ")[0])).toEqual([
      "planted in a sheet, 1280 px, light: color-contrast",
      "planted in a sheet, 1280 px, dark: color-contrast",
      "planted in a sheet, 390 px, dark: color-contrast",
      "planted in a sheet, 390 px, light: color-contrast",
    ]);
    await app.closeSheet(alice);
  });

  test("a reminder on the second day", async () => {
    const findings = new Findings();
    const page = await newPage();
    await app.start(page, "Carol", stage.relay.url);
    await page.reload();
    await page.getByRole("region", { name: "Keep your 24 words" }).waitFor();
    await findings.look("reminder", page);
    expect(findings.all).toEqual([]);
    await page.context().close();
  });
});
