// Looks at a page as people who do not see, see little, or see no colours meet it: axe-core against WCAG 2.2 A and AA, as the screen
// is on a desktop and on a phone, in light and in dark. Takes a page whose context has axe; gives one line for each violation.

import axeHere, { type AxeResults, type RunOptions } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { DESKTOP, PHONE } from "./browser.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const LOOKS = [
  { viewport: DESKTOP, colorScheme: "light" },
  { viewport: DESKTOP, colorScheme: "dark" },
  { viewport: PHONE, colorScheme: "dark" },
  { viewport: PHONE, colorScheme: "light" },
] as const;

/** Gives every page of this context, from its next navigation on, the means to be axeHere. */
export async function bringAxe(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: axeHere.source });
}

/** What is wrong with the screen as it is, in all four looks. Leaves the page as a desktop in light, without motion. */
export async function audit(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { viewport, colorScheme } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const violation of await violations(page)) found.push(`${viewport.width} px, ${colorScheme}: ${violation}`);
  }
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  return found;
}

/** What is wrong with the screen in the look it has. */
export async function violations(page: Page): Promise<readonly string[]> {
  return await page.evaluate(async (tags) => {
    // The last transition of the screen before would be measured with it.
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
    const { axe } = globalThis as unknown as { axe: { run(where: Document, options: RunOptions): Promise<AxeResults> } };
    const report = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return report.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary?.replace(/\s+/g, " ") ?? ""}`),
    );
  }, RULES);
}
