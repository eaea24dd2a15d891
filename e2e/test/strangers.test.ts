// People who do not know each other: one publishes an address and a handle, others write to it. What is shown before the answer, what
// each answer does, and how a relay that lies about a handle is noticed by two people who compare the safety number.

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as app from "../src/app.ts";
import { openStage, type Stage } from "../src/stage.ts";

let stage: Stage;

beforeAll(async () => void (stage = await openStage()));

afterAll(async () => await stage?.close());

let alice: Page;
let address: string;
/** A handle belongs to an account for good, so each test has another Alice. */
let handle: string;
let round = 0;
const opened: Page[] = [];

beforeEach(async () => {
  handle = `alice_${++round}`;
  alice = await person("Alice");
  address = await app.publishAddress(alice, handle);
  return async () => {
    for (const page of opened.splice(0)) await page.context().close();
  };
});

async function person(name: string): Promise<Page> {
  const page = await stage.newPage();
  opened.push(page);
  await app.start(page, name, stage.relay.url);
  return page;
}

const asks = (page: Page): Locator => page.getByRole("button", { name: /asks? to talk to you/ });
const chats = (page: Page): Locator => page.getByRole("list", { name: "Chats" }).getByRole("listitem");

test("nothing of a stranger's words is shown before they are accepted; then it is a conversation", async () => {
  const eve = await person("Eve");
  await app.writeTo(eve, `@${handle}`);
  await app.send(eve, "the words of a stranger");
  await eve.getByText("Waits for an answer to your request").waitFor();

  await asks(alice).waitFor();
  expect(await chats(alice).count()).toBe(0);
  await asks(alice).click();
  await alice.getByRole("listitem", { name: "Request from Eve" }).waitFor();
  expect(await alice.locator("body").textContent()).not.toContain("the words of a stranger");
  await app.closeSheet(alice);

  await app.answerRequest(alice, "Eve", "Accept");
  await app.message(alice, "the words of a stranger").waitFor();
  await app.send(alice, "who are you?");
  await app.message(eve, "who are you?").waitFor();
  await app.waitForStatus(eve, "delivered");
  await eve.getByText("Not verified yet").waitFor();
  expect(await asks(alice).count()).toBe(0);
});

test("the address works as the handle does, by the link too", async () => {
  const eve = await person("Eve");
  await app.writeTo(eve, address);
  await app.send(eve, "by the address");
  await app.answerRequest(alice, "Eve", "Accept");
  await app.message(alice, "by the address").waitFor();
  expect(await chats(alice).count()).toBe(1);

  const frank = await person("Frank");
  await frank.goto(`${stage.relay.url}/#/a/${address}`);
  await frank.getByRole("dialog", { name: "Write to somebody" }).getByRole("button", { name: "Write", exact: true }).click();
  await app.send(frank, "by the link");
  await app.answerRequest(alice, "Frank", "Accept");
  await app.message(alice, "by the link").waitFor();
  expect(await chats(alice).count()).toBe(2);
});

test("who is declined may ask again; who is blocked is not heard again", async () => {
  const eve = await person("Eve");
  await app.writeTo(eve, `@${handle}`);
  await app.send(eve, "first try");
  await app.answerRequest(alice, "Eve", "Decline");
  expect(await chats(alice).count()).toBe(0);
  expect(await asks(alice).count()).toBe(0);

  const mallory = await person("Mallory");
  await app.writeTo(mallory, `@${handle}`);
  await app.send(mallory, "buy something");
  await app.answerRequest(alice, "Mallory", "Block");
  await app.send(mallory, "buy something else");
  await app.waitForStatus(mallory, "sent");
  // Who asks after that is heard, so what Mallory sent has come by.
  const frank = await person("Frank");
  await app.writeTo(frank, `@${handle}`);
  await app.send(frank, "after Mallory");
  await asks(alice).click();
  await alice.getByRole("listitem", { name: "Request from Frank" }).waitFor();
  expect(await alice.getByRole("listitem", { name: "Request from Mallory" }).count()).toBe(0);
  expect(await chats(alice).count()).toBe(0);
});

test("both see the same safety number, and who compared it sees “verified”", async () => {
  const eve = await person("Eve");
  const found = await numberOf(eve, `@${handle}`);
  await app.writeTo(eve, `@${handle}`);
  await app.send(eve, "shall we compare?");
  await app.answerRequest(alice, "Eve", "Accept");
  const seen = await app.safetyNumber(alice);
  expect(seen).toMatch(/^\d{60}$/);
  expect(await app.safetyNumber(eve)).toBe(seen);
  expect(found).toBe(seen);

  await app.verify(alice);
  await app.chatRow(alice, "Eve").getByText("verified").waitFor();
  expect(await app.chatRow(eve, "Alice").getByText("verified").count()).toBe(0);
  await alice.reload();
  await app.chatRow(alice, "Eve").getByText("verified").waitFor();
});

test("a relay that gives a handle to somebody else shows another safety number", async () => {
  const mallory = await person("Mallory");
  await app.publishAddress(mallory, `mallory_${round}`);
  const eve = await person("Eve");
  const honest = await numberOf(eve, `@${handle}`);
  await eve.route(`**/v1/handles/${handle}`, async (route) => {
    await route.fulfill({ response: await route.fetch({ url: `${stage.relay.url}/v1/handles/mallory_${round}` }) });
  });
  const lied = await numberOf(eve, `@${handle}`);
  expect(lied).toMatch(/^\d{60}$/);
  expect(lied).not.toBe(honest);

  await app.writeTo(eve, `@${handle}`);
  await app.send(eve, "are you Alice?");
  expect(await app.safetyNumber(eve)).toBe(lied);
  await app.answerRequest(mallory, "Eve", "Accept");
  await app.message(mallory, "are you Alice?").waitFor();
  expect(await asks(alice).count()).toBe(0);
});

/** The safety number that is shown of somebody who was found, before anything is written. */
async function numberOf(page: Page, who: string): Promise<string> {
  await page.getByRole("button", { name: "Add someone" }).click();
  await page.getByRole("tab", { name: "Find" }).click();
  await page.getByLabel("Address or handle").fill(who);
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Find", exact: true }).click();
  await sheet.getByText("Safety number", { exact: true }).click();
  const groups = sheet.getByRole("list", { name: /^Safety number/ }).getByRole("listitem");
  await groups.first().waitFor();
  const number = (await groups.allTextContents()).join("");
  await app.closeSheet(page);
  return number;
}
