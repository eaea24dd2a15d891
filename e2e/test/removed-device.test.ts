// A device that another one removes says so wherever it is looked at: above the chats, and in an open chat where people would write. What it
// has can be read.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit, bringAxe } from "../src/accessibility.ts";
import * as app from "../src/app.ts";
import { newPerson } from "../src/browser.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;
let alice: Page;
let tablet: Page;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.newPage();
  const person = await newPerson(stage.browser);
  await bringAxe(person);
  tablet = await person.newPage();
  await app.start(alice, "Alice", stage.relay.url);
  await alice.getByRole("button", { name: "Write a note to yourself" }).click();
  await app.send(alice, "Buy bread");
  await app.joinByCode(tablet, await app.offerCode(alice), stage.relay.url);
  await app.approve(alice, await app.shownDigits(tablet));
  await app.reply(tablet, await app.shownDigits(alice));
  await app.joined(tablet);
  await app.linked(alice);
});

afterAll(async () => await stage?.close());

test("an open chat can be read and not be written in, and the list says why", async () => {
  await app.openChat(tablet, "Note to self");
  await app.message(tablet, "Buy bread").waitFor();
  await alice.getByRole("button", { name: "Not me" }).click();
  const devices = alice.getByRole("list", { name: "Your devices" });
  await devices.locator("details").last().locator("summary").click();
  await devices.getByRole("button", { name: "Lost, or not mine: remove it" }).click();
  await devices.getByRole("button", { name: "Remove it", exact: true }).click();

  const banner = tablet.getByRole("region", { name: "This device was removed" });
  await banner.waitFor();
  await tablet.getByText("You can read this chat here").waitFor();
  expect(await tablet.getByRole("textbox", { name: "Message", exact: true }).count()).toBe(0);
  await app.message(tablet, "Buy bread").waitFor();
  expect(await audit(tablet)).toEqual([]);

  await tablet.reload();
  await banner.waitFor();
  await tablet.getByText("You can read this chat here").waitFor();
  await banner.getByRole("button", { name: "Take it off" }).click();
  await tablet.getByRole("dialog", { name: "Take this account off" }).waitFor();
});
