// The whole of an open chat, read as a person would: from the newest message up to the first, a screen at a time, since only a part of a
// long chat is in the document.

import type { Page } from "playwright-core";
import type { Shown } from "./app.ts";

/** All messages of the open chat, oldest first. */
export async function wholeChat(page: Page): Promise<readonly Shown[]> {
  const log = page.getByRole("log", { name: "Messages" });
  await log.waitFor();
  return log.evaluate(async (list) => {
    const shown = new Map<string, { mine: boolean; text: string }>();
    const order: string[] = [];
    const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    // To the newest first, through however many screens.
    for (let still = 0, last = -1; still < 10; still = list.scrollTop === last ? still + 1 : 0) {
      last = list.scrollTop;
      list.scrollTop = list.scrollHeight;
      await frame();
    }
    const read = (): void => {
      const seen = Array.from(list.querySelectorAll("article"), (bubble) => {
        const key = bubble.getAttribute("data-row") ?? "";
        shown.set(key, { mine: bubble.getAttribute("data-mine") === "true", text: bubble.querySelector(".words")?.textContent ?? "" });
        return key;
      });
      const fresh = seen.filter((key) => !order.includes(key));
      // What is new on the way up stands before everything read so far.
      order.unshift(...fresh);
    };
    for (let tries = 0; tries < 2000; tries++) {
      read();
      if (list.querySelector(".beginning") !== null && list.scrollTop === 0) break;
      list.scrollTop = Math.max(0, list.scrollTop - list.clientHeight / 2);
      await frame();
    }
    return order.map((key) => shown.get(key) ?? { mine: false, text: "" });
  });
}
