// The linter's rules that the house stands on, each with a planted violation that it must report and a neighbour that it must not.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./source-files.ts";

const PROTOCOL = "packages/protocol/src";

/** Path, code, and the rule that must speak (undefined: none may). */
const planted: [path: string, code: string, rule: string | undefined][] = [
  [`${PROTOCOL}/clock.ts`, "export const now = (): number => Date.now();", "no-restricted-globals"],
  [`${PROTOCOL}/date.ts`, "export const now = (): Date => new Date();", "no-restricted-globals"],
  [`${PROTOCOL}/timer.ts`, "export const later = (run: () => void): unknown => setTimeout(run, 1);", "no-restricted-globals"],
  [`${PROTOCOL}/chance.ts`, "export const chance = (): number => Math.random();", "no-restricted-properties"],
  [`${PROTOCOL}/crypto.ts`, "export const random = (): string => crypto.randomUUID();", "no-restricted-globals"],
  [`${PROTOCOL}/global.ts`, "export const all = (): unknown => globalThis;", "no-restricted-globals"],
  [`${PROTOCOL}/promise.ts`, "export const later = (): unknown => Promise.resolve(1);", "no-restricted-globals"],
  [`${PROTOCOL}/network.ts`, 'export const ask = (): unknown => fetch("https://example.org");', "no-restricted-globals"],
  [`${PROTOCOL}/pure.ts`, "export const later = (now: number): number => Math.max(now, 1);", undefined],
  [`${PROTOCOL}/clock.test.ts`, "export const now = (): number => Date.now();", undefined],
  ["packages/client/src/clock.ts", "export const now = (): number => Date.now();", undefined],
  ["packages/client/src/any.ts", "export const open = (value: any): unknown => value;", "no-explicit-any"],
  ["packages/client/src/sure.ts", "export const sure = (value?: string): string => value!;", "no-non-null-assertion"],
  ["packages/client/src/default.ts", "export default 1;", "no-default-export"],
  ["packages/client/src/loud.ts", 'console.log("text");', "no-console"],
  ["packages/client/src/loose.ts", "export const same = (a: unknown, b: unknown): boolean => a == b;", "eqeqeq"],
  ["packages/client/src/evil.ts", "export const run = (code: string): unknown => eval(code);", "no-eval"],
  ["packages/client/src/ring.ts", 'import { b } from "./ring-back.ts";\nexport const a = (): unknown => b;', "no-cycle"],
  ["packages/client/src/ring-back.ts", 'import { a } from "./ring.ts";\nexport const b = (): unknown => a;', "no-cycle"],
  ["packages/client/src/only.test.ts", 'import { expect, it } from "vitest";\nit.only("x", () => expect(1).toBe(1));', "no-focused-tests"],
  ["packages/client/src/skip.test.ts", 'import { expect, it } from "vitest";\nit.skip("x", () => expect(1).toBe(1));', "no-disabled-tests"],
  ["packages/client/src/idle.test.ts", 'import { it } from "vitest";\nit("cannot fail", () => {});', "expect-expect"],
  ["vite.config.ts", "export default {};", undefined],
];

let folder = "";
let spoken: { filename: string; code: string }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sotto-lint-"));
  for (const [path, code] of planted) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), `${code}\n`);
  }
  copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const { stdout } = spawnSync(join(root, "node_modules", ".bin", "oxlint"), ["-f", "json"], { cwd: folder, encoding: "utf8" });
  spoken = (JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }).diagnostics;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("lint rules", () => {
  it.each(planted)("speak or are silent about %s: %s", (path, _code, rule) => {
    const rules = spoken.filter(({ filename }) => filename === path).map(({ code }) => code.replace(/^.*\((.*)\)$/, "$1"));
    if (rule === undefined) expect(rules).toEqual([]);
    else expect(rules).toContain(rule);
  });
});
