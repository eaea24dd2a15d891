// Where a Chromium for the browser journeys is on this machine. Plain JavaScript: it runs before anything is installed.
// Takes the environment; gives a path or undefined. Installing one is tools/setup.mjs's concern.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
  "/usr/bin",
  "/usr/local/bin",
  "/snap/bin",
  "/opt/google/chrome",
  "/Applications/Chromium.app/Contents/MacOS",
  "/Applications/Google Chrome.app/Contents/MacOS",
];
const MAC_NAMES = ["Chromium", "Google Chrome", "chrome"];

/**
 * The path of an executable Chromium, or undefined. `SOTTO_CHROMIUM` wins; if it is set and is not executable nothing else is tried.
 * @param {Record<string, string | undefined>} [env]
 * @returns {string | undefined}
 */
export function findChromium(env = process.env) {
  const chosen = env["SOTTO_CHROMIUM"];
  if (chosen) return isExecutable(chosen) ? chosen : undefined;
  const folders = [...(env["PATH"] ?? "").split(delimiter).filter(Boolean), ...PLACES];
  for (const folder of folders) {
    for (const name of [...NAMES, ...MAC_NAMES]) {
      if (isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
