import { describe, expect, it } from "vitest";
import { apiReport, difference } from "./api-report.ts";

const sources: Record<string, string> = {
  "packages/a/src/index.ts": `export type * from "./chat.ts";
export { open, type Hidden as Shown } from "./open.ts";
export declare const version: string;
`,
  "packages/a/src/chat.ts": `import type { Inner } from "./inner.ts";
declare const brand: unique symbol;
/** A chat. */
export interface Chat {
    readonly id: string & { readonly [brand]: true };
    inner(): Inner;
}
`,
  "packages/a/src/inner.ts": "export interface Inner { readonly depth: number }\nexport interface Unmentioned { readonly nothing: true }",
  "packages/a/src/open.ts": 'export declare function open(): import("./chat.ts").Chat;\nexport interface Hidden { readonly seen: true }',
};

const report = (changes: Record<string, string> = {}): string =>
  apiReport([{ name: "a", source: "packages/a/src/index.ts" }], (source) => ({ ...sources, ...changes })[source]);

describe("the report", () => {
  it("names what an entry exports, under the name it exports it by", () => {
    expect(report().split("\n").slice(0, 2)).toEqual(["a", "  Chat, Shown, open, version"]);
  });

  it("shows declarations with their comments, and what they refer to, but nothing else", () => {
    const text = report();
    expect(text).toContain("/** A chat. */\nexport interface Chat {");
    expect(text).toContain("export function open(): Chat;");
    expect(text).toContain("export const version: string;");
    expect(text).toContain("\ninterface Inner {");
    expect(text).toContain("const brand: unique symbol;");
    expect(text).not.toContain("Unmentioned");
  });

  it("is the same for the same surface", () => {
    expect(report()).toBe(report());
    expect(difference(report(), report())).toBe("");
  });

  it.each([
    ["a method that is gone", "packages/a/src/chat.ts", "inner(): Inner;", ""],
    ["a type that is reachable only through another", "packages/a/src/inner.ts", "depth: number", "depth: string"],
    ["an export", "packages/a/src/index.ts", 'export { open, type Hidden as Shown } from "./open.ts";', ""],
    ["a comment, which is the documentation", "packages/a/src/chat.ts", "A chat.", "A talk."],
  ])("finds a change of %s", (_, file, before, after) => {
    const changed = report({ [file]: (sources[file] as string).replace(before, after) });
    expect(difference(report(), changed)).toMatch(/npm run api[^]*^[+-] /m);
  });

  it("refuses declarations that do not parse", () => {
    expect(() => report({ "packages/a/src/chat.ts": "export interface {" })).toThrow(SyntaxError);
  });
});
