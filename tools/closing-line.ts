// The last line of a test run, alone and machine-readable: `12 passed, 0 failed`. A vitest reporter, beside the usual one.
// A file that does not load and an error outside any test count as one failure each: a run that broke never reads as clean.
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Passed and failed tests of a run; skipped ones count as neither. */
export function tally(modules: readonly TestModule[], unhandled: readonly SerializedError[]): { passed: number; failed: number } {
  let passed = 0;
  let failed = unhandled.length;
  for (const module of modules) {
    const tests = [...module.children.allTests()];
    const failedHere = tests.filter((test) => test.result().state === "failed").length;
    passed += tests.filter((test) => test.result().state === "passed").length;
    failed += failedHere === 0 && module.state() === "failed" ? 1 : failedHere;
  }
  return { passed, failed };
}

/** The reporter vitest.config.ts adds. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const { passed, failed } = tally(modules, unhandled);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}
