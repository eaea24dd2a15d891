import { describe, expect, it } from "vitest";
import { MAX_LINES, fileLength } from "./file-length.ts";

const lines = (count: number): string => "x\n".repeat(count);

describe("file length", () => {
  it("reports the first line too many, with and without a closing newline", () => {
    expect(fileLength("packages/a/src/a.ts", lines(MAX_LINES))).toBeUndefined();
    expect(fileLength("packages/a/src/a.ts", lines(MAX_LINES) + "x")).toContain("601 lines");
    expect(fileLength("apps/web/src/a.css", lines(MAX_LINES + 1))).toContain("601 lines");
  });

  it.each(["a/src/a.test.ts", "a/test/support/a.ts", "a/src/vectors/a.ts", "a/src/words.table.ts", "docs/a.md", "package-lock.json"])(
    "leaves %s alone",
    (path) => {
      expect(fileLength(path, lines(MAX_LINES + 1))).toBeUndefined();
    },
  );
});
