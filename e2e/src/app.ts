// The web app as a person uses it: each function is one thing people do, found by the names that are on the screen (roles and labels),
// so that a journey reads like its story. Takes a page on the app. Not its concern: what a journey checks.

import type { Locator, Page } from "playwright-core";

// ── Beginning ───────────────────────────────────────────────────────────────────────────────────

/** A new account with this name; the page is at the app already or is sent to `url`. Ends in the list of chats. */
export async function start(page: Page, name: string, url?: string): Promise<void> {
  if (url !== undefined) await page.goto(url);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("region", { name: "Chats" }).waitFor();
}

/** An account from its 24 words, as a device where the person calls themselves `name`. */
export async function restore(page: Page, words: readonly string[], url?: string, name = "Restored"): Promise<void> {
  if (url !== undefined) await page.goto(url);
  await page.getByRole("button", { name: "I have 24 words" }).click();
  await page.getByRole("textbox", { name: "Your 24 words" }).fill(words.join(" "));
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("region", { name: "Chats" }).waitFor();
}

// ── Meeting ─────────────────────────────────────────────────────────────────────────────────────

/** The link of an open invite; makes one if there is none. Leaves the sheet closed. */
export async function createInvite(page: Page): Promise<string> {
  await openAdd(page, "Invite");
  const link = await page.getByLabel("Invite link").inputValue();
  await closeSheet(page);
  return link;
}

/** Opens an invite link as from outside and accepts it. Ends in the chat. */
export async function acceptInvite(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("dialog", { name: "You are invited" }).getByRole("button", { name: "Accept", exact: true }).click();
  await composer(page).waitFor();
}

/** Pastes an invite link into the app and accepts it. Ends in the chat. */
export async function pasteInvite(page: Page, url: string): Promise<void> {
  await openAdd(page, "Accept");
  await page.getByLabel("Invite link").fill(url);
  await page.getByRole("button", { name: "Look at it" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Accept", exact: true }).click();
  await composer(page).waitFor();
}

/** Publishes the account's address, with a handle if given; gives the address. Leaves the sheet closed. */
export async function publishAddress(page: Page, handle?: string): Promise<string> {
  await openAdd(page, "My address");
  if (handle !== undefined) await page.getByLabel("Handle (if you like)").fill(handle);
  await page.getByRole("button", { name: "Publish" }).click();
  // The address is shown at once; the relay has it, and the handle, a moment later.
  if (handle === undefined) await page.locator('[role="tabpanel"] button[type="submit"][aria-busy="false"]').waitFor();
  else await page.getByText(`You are @${handle}`).waitFor();
  const address = await page.getByLabel("My address", { exact: true }).and(page.locator("input")).inputValue();
  await closeSheet(page);
  return address;
}

/** Finds somebody by `@handle` or address and opens a chat. */
export async function writeTo(page: Page, who: string): Promise<void> {
  await openAdd(page, "Find");
  await page.getByLabel("Address or handle").fill(who);
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Find", exact: true }).click();
  await sheet.getByRole("button", { name: "Write", exact: true }).click();
  await composer(page).waitFor();
}

/** Answers a stranger's request. "Accept" ends in the chat. */
export async function answerRequest(page: Page, name: string, answer: "Accept" | "Decline" | "Block"): Promise<void> {
  await page.getByRole("button", { name: /asks? to talk to you/ }).click();
  const request = page.getByRole("listitem", { name: `Request from ${name}` });
  await request.getByRole("button", { name: answer }).click();
  if (answer === "Accept") return await composer(page).waitFor();
  await request.waitFor({ state: "detached" });
  await closeSheet(page);
}

// ── Talking ─────────────────────────────────────────────────────────────────────────────────────

/** Opens the chat with this name from the list. */
export async function openChat(page: Page, name: string): Promise<void> {
  await chatRow(page, name).click();
  await composer(page).waitFor();
}

/** The row of a chat in the list. */
export function chatRow(page: Page, name: string): Locator {
  return page.getByRole("region", { name: "Chats" }).getByRole("listitem").filter({ hasText: name }).locator(".chat-row");
}

/** Writes a message in the open chat and sends it; resolves when it is shown. */
export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await message(page, text).waitFor();
}

/** The bubble with exactly this text in the open chat; the newest if there are several. */
export function message(page: Page, text: string): Locator {
  return page
    .getByRole("log", { name: "Messages" })
    .getByRole("article")
    .filter({ has: page.getByText(text, { exact: true }) })
    .last();
}

/** One message on the screen. */
export interface Shown {
  readonly mine: boolean;
  readonly text: string;
  /** Of the group it stands in; absent where the app shows it only once for several, and on messages of others. */
  readonly status?: "queued" | "sent" | "delivered" | "failed";
}

/** The last `count` messages that are in the document, oldest first. */
export async function lastMessages(page: Page, count = 20): Promise<readonly Shown[]> {
  const shown = await page
    .getByRole("log", { name: "Messages" })
    .getByRole("article")
    .evaluateAll((bubbles) =>
      bubbles.map((bubble) => ({
        mine: bubble.getAttribute("data-mine") === "true",
        text: bubble.querySelector(".words")?.textContent ?? "",
        status: bubble.querySelector("[data-status]")?.getAttribute("data-status") ?? undefined,
      })),
    );
  return shown.slice(-count) as Shown[];
}

/** Resolves when the newest of my messages has this status. */
export async function waitForStatus(page: Page, status: "queued" | "sent" | "delivered" | "failed"): Promise<void> {
  await page.locator(`article[data-mine="true"] [data-status="${status}"]`).last().waitFor();
}

// ── Verifying ───────────────────────────────────────────────────────────────────────────────────

/** The 60 digits of the open chat's contact. Leaves the details open. */
export async function safetyNumber(page: Page): Promise<string> {
  await openDetails(page);
  const groups = await texts(page.getByRole("list", { name: /^Safety number/ }).getByRole("listitem"));
  return groups.join("");
}

/** Says that the safety number of the open chat was compared; the details are opened if they are not. */
export async function verify(page: Page): Promise<void> {
  await openDetails(page);
  await page.getByRole("button", { name: "I compared it: they match" }).click();
  await page.getByText("Verified", { exact: true }).first().waitFor();
}

// ── Linking a device (QR login) ─────────────────────────────────────────────────────────────────

/** New device: shows its code; gives the code as text. The code on the screen is `.qr`, for a camera. */
export async function showJoinCode(page: Page, url?: string): Promise<string> {
  if (url !== undefined) await page.goto(url);
  await page.getByRole("button", { name: "I have another device" }).click();
  await page.getByRole("button", { name: /^Show a code here/ }).click();
  await page.getByText("No camera?").click();
  return await page.getByLabel("The code as text").inputValue();
}

/** New device: takes the code of the old device as pasted text. */
export async function joinByCode(page: Page, code: string, url?: string): Promise<void> {
  if (url !== undefined) await page.goto(url);
  await page.getByRole("button", { name: "I have another device" }).click();
  await page.getByRole("button", { name: /^Scan the code on your other device/ }).click();
  await pasteCode(page, "The code of your other device, as text", code);
}

/** New device: opens the camera for the old device's code. */
export async function joinByCamera(page: Page, url?: string): Promise<void> {
  if (url !== undefined) await page.goto(url);
  await page.getByRole("button", { name: "I have another device" }).click();
  await page.getByRole("button", { name: /^Scan the code on your other device/ }).click();
}

/** Old device: shows a code for a new device; gives the code as text. */
export async function offerCode(page: Page): Promise<string> {
  await openLinking(page);
  await page.getByRole("button", { name: /^Show a code here/ }).click();
  await page.getByText("No camera there?").click();
  return await page.getByLabel("The code as text").inputValue();
}

/** Old device: takes the code of the new device as pasted text. */
export async function linkByCode(page: Page, code: string): Promise<void> {
  await openLinking(page);
  await page.getByRole("button", { name: /^Scan the code of the new device/ }).click();
  await pasteCode(page, "The code of the new device, as text", code);
}

/** Old device: opens the camera for the new device's code. */
export async function linkByCamera(page: Page): Promise<void> {
  await openLinking(page);
  await page.getByRole("button", { name: /^Scan the code of the new device/ }).click();
}

/** The six digits that a page shows, on either side. */
export async function shownDigits(page: Page): Promise<string> {
  const shown = page.locator("[data-digits]");
  await shown.waitFor();
  return (await shown.getAttribute("data-digits")) ?? "";
}

/** Old device: types the new device's digits and links or transfers. Does not wait for the end. */
export async function approve(page: Page, digits: string, mode: "link" | "transfer" = "link"): Promise<void> {
  await page.getByLabel("Six digits that it shows").fill(digits);
  if (mode === "link") return await page.getByRole("button", { name: "Link it" }).click();
  await page.getByRole("radio", { name: /^Transfer/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Hand them over" }).click();
}

/** New device: types the second code. */
export async function reply(page: Page, digits: string): Promise<void> {
  await page.getByLabel("Six digits of your other device").fill(digits);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** New device: resolves when the account is here. */
export async function joined(page: Page): Promise<void> {
  await page.getByRole("region", { name: "Chats" }).waitFor();
}

/** Old device: resolves when it says that the device is linked; leaves the sheet closed. */
export async function linked(page: Page): Promise<void> {
  await page.getByText(/is linked$/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
}

// ── Recovering ──────────────────────────────────────────────────────────────────────────────────

/** Shows the 24 words, answers what is asked back, gives the words. Leaves the sheet closed. */
export async function keepWords(page: Page): Promise<readonly string[]> {
  await openSettings(page, "Your 24 words");
  await page.getByRole("button", { name: "Show my 24 words" }).click();
  const items = await texts(page.getByRole("list", { name: "Your 24 words" }).getByRole("listitem"));
  const words = items.map((item) => item.replace(/^\s*\d+\s*/, "").trim());
  await page.getByRole("button", { name: "I wrote them down" }).click();
  const asked = page.getByLabel(/^Word \d+$/);
  await asked.first().waitFor();
  for (const field of await asked.all()) {
    const label = await field.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? "");
    await field.fill(words[Number(label.replace(/\D/g, "")) - 1] ?? "");
  }
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("Kept", { exact: true }).waitFor();
  await closeSheet(page);
  return words;
}

/** The names of the devices in the settings. Leaves the sheet closed. */
export async function deviceNames(page: Page): Promise<readonly string[]> {
  await openSettings(page, "Devices");
  const names = await texts(page.getByRole("list", { name: "Your devices" }).locator("strong"));
  await closeSheet(page);
  return names;
}

// ── Finding the way ─────────────────────────────────────────────────────────────────────────────

/** Closes the sheet that is open. */
export async function closeSheet(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

function composer(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message", exact: true });
}

async function openAdd(page: Page, tab: "Invite" | "Accept" | "Find" | "My address"): Promise<void> {
  await toList(page);
  await page.getByRole("button", { name: "Add someone" }).click();
  await page.getByRole("tab", { name: tab }).click();
}

async function openSettings(page: Page, line: string): Promise<void> {
  await toList(page);
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page
    .getByRole("dialog", { name: "Settings" })
    .getByRole("button", { name: new RegExp(`^${line}`) })
    .click();
}

async function openLinking(page: Page): Promise<void> {
  await openSettings(page, "Devices");
  await page.getByRole("button", { name: "Link a device" }).click();
}

async function openDetails(page: Page): Promise<void> {
  const head = page.getByRole("region", { name: "Conversation" }).getByRole("heading", { level: 1 }).getByRole("button");
  if ((await head.getAttribute("aria-expanded")) !== "true") await head.click();
}

/** The texts of all these, once the first is there. */
async function texts(items: Locator): Promise<readonly string[]> {
  await items.first().waitFor();
  return await items.allTextContents();
}

/** On a phone the list is a step back from the chat. */
async function toList(page: Page): Promise<void> {
  const back = page.getByRole("button", { name: "Back to the chats" });
  if (await back.isVisible()) await back.click();
}

async function pasteCode(page: Page, label: string, code: string): Promise<void> {
  const field = page.getByLabel(label);
  const paste = page.getByRole("button", { name: "Paste it as text" });
  await field.or(paste).first().waitFor();
  // Without a camera the app comes to the text field by itself, perhaps while this is clicked.
  for (let i = 0; i < 5 && !(await field.isVisible()); i++) await paste.click({ timeout: 3000 }).catch(() => undefined);
  await field.fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
}
