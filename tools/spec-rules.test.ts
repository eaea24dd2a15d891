import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root, sourceFiles } from "./source-files.ts";
import { specRules } from "./spec-rules.ts";

const read = (belongs: (path: string) => boolean): Map<string, string> =>
  new Map(
    sourceFiles()
      .filter(belongs)
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );

describe("the rules of the specification", () => {
  it("are numbered once, and whatever cites one finds it", () => {
    const pages = read((path) => /^spec\/\d\d-.*\.md$/.test(path));
    const citing = read((path) => /^(docs|packages|apps|e2e|lab)\/.*\.(md|ts|tsx)$/.test(path));
    expect(specRules(pages, citing)).toEqual([]);
  });

  it("would be missed or met twice", () => {
    const page = (text: string): Map<string, string> => new Map([["spec/01.md", text]]);
    expect(specRules(page("- **A-1** this\n- **A-1** that\n"), new Map())).toEqual(["spec/01.md: A-1 is a rule of spec/01.md already"]);
    expect(specRules(page("- **A-1** see A-2 and B-1"), new Map([["docs/a.md", "by A-3, of UTF-8"]]))).toEqual([
      "spec/01.md: there is no rule A-2",
      "docs/a.md: there is no rule A-3",
    ]);
  });
});
