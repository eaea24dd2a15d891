// The whole of Sotto without a mouse: an account, an invite, a conversation, finding a chat, every sheet opened and closed. The focus is
// always somewhere, always in sight, and goes where the person is.

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chatRow, message } from "../src/app.ts";
import { expectFocusKept, focused, hasFocus, press, tabTo, typeInto } from "../src/keyboard.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;
let alice: Page;
let bob: Page;

beforeAll(async () => {
  stage = await openStage();
  [alice, bob] = [await stage.newPage(), await stage.newPage()];
});

afterAll(async () => await stage?.close());

const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name, exact: typeof name === "string" });
const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Message", exact: true });

async function closeWithEscape(page: Page, title: string): Promise<void> {
  const sheet = page.getByRole("dialog", { name: title });
  await sheet.waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  await expectFocusKept(page, `after Escape closed “${title}”`);
}

test("a planted button without an outline, and a focus that is lost, are noticed", async () => {
  const page = await stage.newPage();
  await page.goto(stage.relay.url);
  await page.getByLabel("Your name").waitFor();
  await page.keyboard.type("Somebody");
  await page.evaluate(() => document.querySelector<HTMLElement>("button[type=submit]")?.style.setProperty("outline", "none"));
  await expect(tabTo(page, button(page, "Start"))).rejects.toThrow("the focus is in sight on: button “Start”");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  expect((await focused(page)).what).toBe("body");
  await page.context().close();
});

test("an account, from the first key on", async () => {
  for (const [page, name] of [
    [alice, "Alice"],
    [bob, "Bob"],
  ] as const) {
    await page.goto(stage.relay.url);
    await page.getByLabel("Your name").waitFor();
    expect(await hasFocus(page.getByLabel("Your name"))).toBe(true);
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Chats" }).waitFor();
    await expectFocusKept(page, "after the account was made");
  }
});

test("an invite is made and copied, and accepted elsewhere", async () => {
  await press(alice, button(alice, "Invite someone"));
  await alice.getByLabel("Invite link").waitFor();
  await press(alice, button(alice, "Copy"));
  await button(alice, "Copied").waitFor();
  const link = await alice.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain("#/i/");

  await press(bob, button(bob, "Add someone"));
  const invite = bob.getByRole("tab", { name: "Invite" });
  await tabTo(bob, invite);
  await bob.keyboard.press("ArrowRight");
  expect(await hasFocus(bob.getByRole("tab", { name: "Accept" }))).toBe(true);
  await tabTo(bob, bob.getByRole("textbox", { name: "Invite link" }));
  await bob.evaluate((text) => navigator.clipboard.writeText(text), link);
  await bob.keyboard.press("ControlOrMeta+V");
  await press(bob, button(bob, "Look at it"));
  await press(bob, bob.getByRole("dialog").getByRole("button", { name: "Accept", exact: true }));
  await composer(bob).waitFor();
  await expect.poll(() => hasFocus(composer(bob))).toBe(true);

  // What opened Alice's sheet, the invitation in the empty list, is gone by now.
  await alice.getByText("Bob is here").waitFor();
  await closeWithEscape(alice, "Add someone");
});

test("a message is sent, read and answered", async () => {
  await bob.keyboard.type("no mouse here");
  await bob.keyboard.press("Shift+Enter");
  await bob.keyboard.type("nor there");
  await bob.keyboard.press("Enter");
  await message(bob, "no mouse here nor there").waitFor();
  expect(await hasFocus(composer(bob))).toBe(true);

  await press(alice, chatRow(alice, "Bob"));
  await message(alice, "no mouse here nor there").waitFor();
  await expect.poll(() => hasFocus(composer(alice))).toBe(true);
  await alice.keyboard.type("I see");
  await tabTo(alice, button(alice, "Send"));
  await alice.keyboard.press("Space");
  await message(bob, "I see").waitFor();
  await expectFocusKept(alice, "after Send");
});

test("a chat is found with Ctrl+K and left with Escape", async () => {
  await alice.keyboard.press("Escape");
  await composer(alice).waitFor({ state: "detached" });
  await expect.poll(() => hasFocus(chatRow(alice, "Bob"))).toBe(true);

  const filter = alice.getByRole("searchbox", { name: "Find a chat" });
  await alice.keyboard.press("Control+K");
  expect(await hasFocus(filter)).toBe(true);
  await alice.keyboard.type("bo");
  await alice.keyboard.press("Escape");
  expect(await filter.inputValue()).toBe("");
  expect(await hasFocus(filter)).toBe(true);
  await alice.keyboard.press("Escape");
  expect(await hasFocus(chatRow(alice, "Bob"))).toBe(true);

  await alice.keyboard.press("/");
  expect(await hasFocus(filter)).toBe(true);
  await alice.keyboard.press("ArrowDown");
  expect(await hasFocus(chatRow(alice, "Bob"))).toBe(true);
  await alice.keyboard.press("Control+K");
  await alice.keyboard.type("bo");
  await alice.keyboard.press("Enter");
  await expect.poll(() => hasFocus(composer(alice))).toBe(true);
});

test("every sheet opens, closes with Escape, and gives the focus back to what opened it", async () => {
  for (const [opener, title] of [
    [button(alice, "Add someone"), "Add someone"],
    [button(alice, "Settings"), "Settings"],
  ] as const) {
    await press(alice, opener);
    await closeWithEscape(alice, title);
    expect(await hasFocus(opener), `what opened “${title}”`).toBe(true);
  }

  await alice.keyboard.press("?");
  await closeWithEscape(alice, "Keyboard");

  for (const [line, title] of [
    [/^Your 24 words/, "Your 24 words"],
    [/^Devices/, "Your devices"],
    [/^My address/, "Add someone"],
    [/^Keyboard/, "Keyboard"],
    [/^Take this account off/, "Take this account off"],
  ] as const) {
    await press(alice, button(alice, "Settings"));
    await press(alice, alice.getByRole("dialog").getByRole("button", { name: line }));
    await alice.getByRole("dialog", { name: title }).waitFor();
    await expectFocusKept(alice, `on the page “${title}”`);
    await closeWithEscape(alice, title);
  }
});

test("the 24 words are written down and asked back; steps of a page keep the focus", async () => {
  await press(alice, button(alice, "Settings"));
  const sheet = alice.getByRole("dialog");
  await press(alice, sheet.getByRole("button", { name: /^Your 24 words/ }));
  await press(alice, button(alice, "Show my 24 words"));
  const items = alice.getByRole("list", { name: "Your 24 words" }).getByRole("listitem");
  await items.first().waitFor();
  await expectFocusKept(alice, "where the words are shown");
  const words = (await items.allTextContents()).map((item) => item.replace(/^\s*\d+\s*/, "").trim());
  await press(alice, button(alice, "I wrote them down"));
  const asked = alice.getByLabel(/^Word \d+$/);
  await asked.first().waitFor();
  await expectFocusKept(alice, "where words are asked back");
  for (const field of await asked.all()) {
    const label = await field.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? "");
    await typeInto(alice, field, words[Number(label.replace(/\D/g, "")) - 1] ?? "");
  }
  await alice.keyboard.press("Enter");
  await alice.getByText("Kept", { exact: true }).waitFor();
  await closeWithEscape(alice, "Your 24 words");
});

test("somebody is verified, and the details are left", async () => {
  await press(alice, alice.getByRole("region", { name: "Conversation" }).getByRole("heading", { level: 1 }).getByRole("button"));
  await press(alice, button(alice, "I compared it: they match"));
  await alice.getByText("Verified", { exact: true }).first().waitFor();
  await expectFocusKept(alice, "after verifying");
  await press(alice, alice.getByRole("complementary").getByRole("button", { name: "Close" }));
  await alice.getByRole("complementary").waitFor({ state: "detached" });
  await expectFocusKept(alice, "after the details were closed");
});

test("the other ways to begin are reached, and left again", async () => {
  const page = await stage.newPage();
  await page.goto(stage.relay.url);
  await press(page, button(page, "I have 24 words"));
  await page.getByRole("heading", { name: "Your 24 words" }).waitFor();
  await expectFocusKept(page, "where the words are typed");
  await press(page, button(page, "Back"));
  await page.getByRole("heading", { name: /^Talk through/ }).waitFor();
  await expectFocusKept(page, "back at the start");
  await press(page, button(page, "I have another device"));
  await page.getByRole("heading", { name: "Link this device" }).waitFor();
  await expectFocusKept(page, "where a device is linked");
  await press(page, button(page, /^Show a code here/));
  await page.getByText("No camera?").waitFor();
  await expectFocusKept(page, "where the code is shown");
  await press(page, button(page, "Another way"));
  await button(page, /^Show a code here/).waitFor();
  await expectFocusKept(page, "at the choice of ways");
  await page.context().close();
});
