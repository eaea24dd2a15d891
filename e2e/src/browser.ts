// A real Chromium: one process, any number of separate people (contexts), and a camera that plays a file.

import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { watchPages } from "./watch.ts";

const PLACES = [process.env["SOTTO_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** How Chromium is started everywhere. */
export const FLAGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where Chromium is on this machine, if it is. */
export function chromiumPath(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

/**
 * Starts Chromium. `cameraFile` (Y4M) is what its camera shows; it may be written any time before a page opens the camera. `hosts` says where
 * names lead: "MAP localhost:8787 127.0.0.1:9000".
 */
export async function launchBrowser(options: { cameraFile?: string; hosts?: string } = {}): Promise<Browser> {
  const camera =
    options.cameraFile === undefined
      ? []
      : ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${options.cameraFile}`];
  const hosts = options.hosts === undefined ? [] : [`--host-resolver-rules=${options.hosts}`];
  return chromium.launch({ executablePath: chromiumHere(), args: [...FLAGS, ...camera, ...hosts] });
}

/** A device with a disk of its own: what it stores is in `folder`, which may be copied while it is closed. */
export async function launchDevice(folder: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(folder, { executablePath: chromiumHere(), args: [...FLAGS], viewport: DESKTOP });
  context.setDefaultTimeout(20_000);
  await watchPages(context, breaches);
  return context;
}

function chromiumHere(): string {
  const found = chromiumPath();
  if (found === undefined) throw new Error("no Chromium found: install the package chromium, or set SOTTO_CHROMIUM");
  return found;
}

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

/** What the pages of all people did against their promises (watch.ts) since the journey began: every journey ends with none. */
export const breaches: string[] = [];

/** A separate person or device: its own storage, nothing shared. */
export async function newPerson(
  browser: Browser,
  options: { viewport?: { width: number; height: number }; colorScheme?: "light" | "dark" } = {},
): Promise<BrowserContext> {
  const viewport = options.viewport ?? DESKTOP;
  const context = await browser.newContext({
    viewport,
    colorScheme: options.colorScheme ?? "light",
    hasTouch: viewport.width < 640,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(20_000);
  await watchPages(context, breaches);
  return context;
}
