import { describe, expect, it } from "vitest";
import type { TestModule } from "vitest/node";
import { tally } from "./closing-line.ts";

type State = "passed" | "failed" | "skipped";

const moduleOf = (state: State, tests: State[]): TestModule =>
  ({
    state: () => state,
    children: { allTests: () => tests.map((test) => ({ result: () => ({ state: test }) })) },
  }) as unknown as TestModule;

describe("closing line", () => {
  it("counts passed and failed tests over all files, skipped ones as neither", () => {
    expect(tally([moduleOf("passed", ["passed", "skipped"]), moduleOf("failed", ["passed", "failed", "failed"])], [])).toEqual({
      passed: 2,
      failed: 2,
    });
  });

  it("counts a file that did not load as a failure", () => {
    expect(tally([moduleOf("failed", [])], [])).toEqual({ passed: 0, failed: 1 });
  });

  it("counts an error outside any test as a failure", () => {
    expect(tally([moduleOf("passed", ["passed"])], [{ message: "planted" }])).toEqual({ passed: 1, failed: 1 });
  });
});
