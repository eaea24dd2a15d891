// docs/threat-model.md promises that every *cannot* is shown by something that runs. This holds it to that: what it names is there.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adversaries } from "../src/leaks/adversaries.ts";
import { rowTitles } from "../src/leaks/table.ts";

const root = join(import.meta.dirname, "..", "..");
const scripts = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts;

/** Rows of the tables whose header is "cannot | shown by". */
function cannots(text: string): { what: string; shownBy: string }[] {
  return text
    .split(/\n\n+/)
    .filter((paragraph) => paragraph.startsWith("| cannot | shown by |"))
    .flatMap((paragraph) => paragraph.split("\n").slice(2))
    .map((row) => {
      const [, what = "", shownBy = ""] = row.split("|").map((cell) => cell.trim());
      return { what, shownBy };
    });
}

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] as string);

/** What is wrong with a row; empty when nothing is. */
function findings(shownBy: string): string[] {
  const code = all(shownBy, /`([^`]+)`/g);
  const paths = code.filter((word) => word.endsWith(".test.ts"));
  const commands = all(code.join("\n"), /^npm run (\w+)/gm);
  const missing = paths.filter((path) => !existsSync(join(root, path)));
  const text = paths.filter((path) => !missing.includes(path)).map((path) => readFileSync(join(root, path), "utf8"));
  const names = [...adversaries.map(({ name }) => name), ...rowTitles, "tags recognised"];
  return [
    ...(paths.length + commands.length === 0 ? ["names nothing that runs"] : []),
    ...missing.map((path) => `no such file: ${path}`),
    ...commands.filter((command) => scripts[command] === undefined).map((command) => `no such command: ${command}`),
    ...all(shownBy, /"([^"]+)"/g).flatMap((title) => (text.some((file) => file.includes(title)) ? [] : [`no such test: ${title}`])),
    ...all(shownBy, /\*([^*]+)\*/g).flatMap((name) => (names.some((known) => known.includes(name)) ? [] : [`not in the table: ${name}`])),
  ];
}

describe("the threat model", () => {
  const rows = cannots(readFileSync(join(root, "docs", "threat-model.md"), "utf8"));

  it("has what each adversary cannot do", () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)("$what: is shown by something that is there", ({ shownBy }) => {
    expect(findings(shownBy)).toEqual([]);
  });

  it("would be caught promising what nothing shows", () => {
    expect(findings("that is obvious")).toEqual(["names nothing that runs"]);
    expect(findings("`lab/test/nowhere.test.ts`")).toEqual(["no such file: lab/test/nowhere.test.ts"]);
    expect(findings("`npm run nothing`, column *moon*")).toEqual(["no such command: nothing", "not in the table: moon"]);
    expect(findings('`lab/test/leaks.test.ts` "is not among them"')).toEqual(["no such test: is not among them"]);
  });
});
