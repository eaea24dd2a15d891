// How the tests run: three projects, at most two processes at a time (the machine of continuous integration has two cores).
// `units` is everything that needs no browser, `web` the app's logic (JSX), `journeys` real browsers, one file after the other.
import { configDefaults, defineConfig } from "vitest/config";
import { ClosingLine } from "./tools/closing-line.ts";

if (Number(process.versions.node.split(".")[0]) < 24) {
  throw new Error(
    `the tests need Node 24 and this is ${process.version}: run them with \`npm test\`, or put node_modules/.bin first in PATH`,
  );
}

/** Far above what any test needs on an idle machine, so that a busy one fails none; what hangs still ends, in ms. */
const PATIENCE_MS = 60_000;

/** Of the lab, what needs a browser. */
const TABS = "lab/src/chaos/browser";

const tests = (...folders: string[]): string[] => folders.map((folder) => `${folder}/**/*.test.{ts,tsx}`);

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", new ClosingLine()],
    projects: [
      {
        test: {
          name: "units",
          include: tests("packages/*/{src,test}", "apps/cli/{src,test}", "{lab,bench,oracle}/{src,test}", "tools"),
          exclude: [...configDefaults.exclude, `${TABS}/**`],
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      {
        oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
        test: { name: "web", include: tests("apps/web/{src,test}"), testTimeout: PATIENCE_MS },
      },
      {
        test: {
          name: "journeys",
          include: tests("e2e", TABS),
          testTimeout: 3 * PATIENCE_MS,
          hookTimeout: 3 * PATIENCE_MS,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
