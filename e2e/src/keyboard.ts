// The app by its keys alone: finds what has the focus, leads it with Tab, and sees to it that it is never lost and always in sight.
// Takes a page; nothing here touches the mouse. Not its concern: the order of a journey.

import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";

/** Far more stops than any screen has. */
const MOST_STOPS = 60;

/** Presses Tab until this has the focus; every stop on the way has to be in sight as the one that has it. */
export async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await target.waitFor();
  const stops: string[] = [];
  for (let i = 0; i < MOST_STOPS; i++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
    const stop = await focused(page);
    stops.push(stop.what);
    if (stop.what !== "body") expect(stop.visible, `the focus is in sight on: ${stop.what}`).toBe(true);
  }
  throw new Error(`${target} is not reached with ${key}; there were: ${[...new Set(stops)].join(", ")}`);
}

/** Goes to a button (or what acts like one) with Tab and presses it. */
export async function press(page: Page, target: Locator, key: "Enter" | "Space" = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes to a field with Tab and types. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

/** Whether exactly this has the focus. */
export async function hasFocus(target: Locator): Promise<boolean> {
  return await target.evaluate((element) => element === document.activeElement);
}

/** Waits until something has the focus that is on the screen: what was focused may have gone, the focus may not. */
export async function expectFocusKept(page: Page, when: string): Promise<void> {
  await expect.poll(async () => (await focused(page)).what, { message: `where the focus is ${when}`, interval: 20 }).not.toBe("body");
}

/** What has the focus, in words, and whether a person can see that it has. */
export async function focused(page: Page): Promise<{ what: string; visible: boolean }> {
  return await page.evaluate(() => {
    const active = document.activeElement;
    if (active === null || active === document.body || active === document.documentElement) return { what: "body", visible: false };
    const words = active.getAttribute("aria-label") ?? (active as HTMLInputElement).labels?.[0]?.textContent ?? active.textContent ?? "";
    const what = `${active.tagName.toLowerCase()} “${words.trim().slice(0, 40)}”`;
    // A field may leave the outline to the frame around it.
    const outlined = [active, active.parentElement].some((element) => {
      if (element === null) return false;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && !/, 0\)|\/ 0\)|transparent/.test(outlineColor);
    });
    const { width, height } = active.getBoundingClientRect();
    return { what, visible: outlined && width > 0 && height > 0 };
  });
}
