// Chats that are pinned, muted and put in the archive: by the menu of a row, by the mouse's other button, from the chat's head, and by keys
// alone. A muted chat says nothing, and what is archived is found and comes back.

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit, bringAxe } from "../src/accessibility.ts";
import * as app from "../src/app.ts";
import { newPerson } from "../src/browser.ts";
import { hasFocus, press, tabTo } from "../src/keyboard.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;
let alice: Page;
let bob: Page;
let carol: Page;

beforeAll(async () => {
  stage = await openStage();
  const person = await newPerson(stage.browser);
  await bringAxe(person);
  alice = await person.newPage();
  await app.start(alice, "Alice", stage.relay.url);
  [bob, carol] = [await stage.newPage(), await stage.newPage()];
  for (const [page, name] of [
    [bob, "Bob"],
    [carol, "Carol"],
  ] as const) {
    await app.start(page, name, stage.relay.url);
    await app.pasteInvite(page, await app.createInvite(alice));
    await app.send(page, `I am ${name}`);
    await app.chatRow(alice, name).getByText(`I am ${name}`).waitFor();
  }
});

afterAll(async () => await stage?.close());

const options = (name: string): Locator =>
  alice.getByRole("region", { name: "Chats" }).getByRole("button", { name: `Options of the chat ${name}` });
const item = (label: string): Locator => alice.getByRole("menuitem", { name: label, exact: true });
const said = (): Locator => alice.getByRole("status", { name: "Announcements" });
const names = async (): Promise<readonly string[]> => await alice.locator(".pane-list .chat-row-name > bdi").allTextContents();

test("a chat is pinned from its row, and stands first whoever writes", async () => {
  expect(await names()).toEqual(["Carol", "Bob"]);
  await app.chatRow(alice, "Bob").hover();
  await options("Bob").click();
  expect(await hasFocus(item("Pin to the top"))).toBe(true);
  expect(await audit(alice)).toEqual([]);
  await item("Pin to the top").click();
  await expect.poll(names).toEqual(["Bob", "Carol"]);
  await expect.poll(() => said().textContent()).toBe("Bob: Pinned");
  await app.send(carol, "I am newer");
  await app.chatRow(alice, "Carol").getByText("I am newer").waitFor();
  expect(await names()).toEqual(["Bob", "Carol"]);
});

test("a menu closes by Escape, by its button and by a click elsewhere, and changes nothing", async () => {
  await app.chatRow(alice, "Bob").hover();
  await options("Bob").click();
  await expect.poll(() => hasFocus(item("Pin to the top").or(item("Unpin")))).toBe(true);
  await alice.keyboard.press("Escape");
  await item("Mute").waitFor({ state: "detached" });
  expect(await hasFocus(options("Bob"))).toBe(true);
  await options("Bob").click();
  await item("Mute").waitFor();
  await options("Bob").click();
  await item("Mute").waitFor({ state: "detached" });
  await app.chatRow(alice, "Bob").click({ button: "right" });
  await item("Mute").waitFor();
  await alice.getByText("Choose a chat").click();
  await item("Mute").waitFor({ state: "detached" });
  expect(await names()).toEqual(["Bob", "Carol"]);
});

test("of a muted chat nothing is said, in words or in the title", async () => {
  const heard = alice.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const words: string[] = [];
        const region = document.querySelector('[aria-label="Announcements"]');
        new MutationObserver(() => {
          words.push(region?.textContent ?? "");
          if (region?.textContent === "New message from Bob") resolve(words);
        }).observe(region ?? document, { childList: true, characterData: true, subtree: true });
      }),
  );
  await app.chatRow(alice, "Carol").click({ button: "right" });
  await item("Mute").click();
  await app.chatRow(alice, "Carol").getByText("muted", { exact: true }).waitFor({ state: "attached" });
  await app.send(carol, "Nobody hears this");
  await app.chatRow(alice, "Carol").getByText("Nobody hears this").waitFor();
  expect(await alice.title()).toBe("(1) Sotto");
  // What hears nothing has to hear something first.
  await app.send(bob, "But this");
  expect(await heard).toEqual(["Carol: Muted", "New message from Bob"]);
  await expect.poll(() => alice.title()).toBe("(2) Sotto");
});

test("a chat is archived from its head, found by name, and brought back by keys alone", async () => {
  await app.openChat(alice, "Carol");
  const head = alice.getByRole("region", { name: "Conversation" }).getByRole("button", { name: "Options of the chat Carol" });
  await press(alice, head);
  await expect.poll(() => hasFocus(item("Pin to the top"))).toBe(true);
  await alice.keyboard.press("End");
  expect(await hasFocus(item("Archive"))).toBe(true);
  await alice.keyboard.press("Enter");
  await expect.poll(names).toEqual(["Bob"]);
  expect(await hasFocus(head)).toBe(true);
  await alice.getByText("Not verified yet · muted · archived").waitFor();
  expect(await audit(alice)).toEqual([]);

  const filter = alice.getByRole("searchbox", { name: "Find a chat" });
  await filter.fill("car");
  expect(await names()).toEqual(["Carol"]);
  await filter.fill("");
  await app.send(carol, "Still here");
  await press(alice, alice.getByRole("button", { name: /^Archive/ }));
  const sheet = alice.getByRole("dialog", { name: "Archive" });
  await sheet.getByText("Still here").waitFor();
  expect(await audit(alice)).toEqual([]);
  await tabTo(alice, sheet.getByRole("button", { name: "Options of the chat Carol" }));
  await alice.keyboard.press("Enter");
  await expect.poll(() => hasFocus(item("Pin to the top"))).toBe(true);
  await alice.keyboard.press("Escape");
  await item("Archive").waitFor({ state: "detached" });
  await sheet.waitFor();
  await alice.keyboard.press("Enter");
  await expect.poll(() => hasFocus(item("Pin to the top"))).toBe(true);
  await alice.keyboard.press("ArrowUp");
  await alice.keyboard.press("End");
  await alice.keyboard.press("Enter");
  await alice.getByText("No chat is archived.").waitFor();
  await alice.keyboard.press("Escape");
  await expect.poll(names).toEqual(["Bob", "Carol"]);
});
