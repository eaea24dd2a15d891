// A page for every error code and no other, each with the same three parts, and with the facts of the code.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorTexts } from "../../src/error-texts.ts";
import { type ErrorCode, MessengerError } from "../../src/errors.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const PAGES = join(ROOT, "docs/errors");
const codes = Object.keys(errorTexts) as ErrorCode[];
/** Fields that texts read; the sentence itself does not matter here. */
const details = { suggestions: [], reason: "keeper", what: "it", relay: "https://relay.example", code: "board/full", handle: "a", id: "a" };

test("every code has its page, and every page its code", () => {
  const pages = readdirSync(PAGES, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
  expect(pages.map((path) => path.replace(/\.md$/, "")).toSorted()).toEqual(codes.toSorted());
});

test.each(codes)("%s says what happened and what to do", (code) => {
  const error = new MessengerError(code, details as never);
  expect(error.docs).toBe(`docs/errors/${code}.md`);
  expect(existsSync(join(ROOT, error.docs)), `write ${error.docs}`).toBe(true);
  const page = readFileSync(join(ROOT, error.docs), "utf8");
  const { blame, retryable = false } = errorTexts[code];
  const parts = /^# (.+)\n\n(.+)\n\n## What happened\n\n([^]+)\n\n## What to do\n\n([^]+)\n\n## In code\n\n```ts\n([^]+)\n```\n$/.exec(
    page,
  );
  const [, title, facts, happened = "", todo = ""] = parts ?? [];
  expect(title).toBe(code);
  expect(facts).toBe(`\`blame\`: ${blame} · \`retryable\`: ${retryable ? "yes" : "no"}`);
  expect(happened.length).toBeGreaterThan(60);
  expect(todo.length).toBeGreaterThan(30);
  expect(page, "an example is about its code").toMatch(exampleOf(code));
});

test("the guide leads to every family", () => {
  const guide = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
  expect(codes.filter((code) => !guide.includes(`(errors/${code}.md)`) && !guide.includes(`(errors/${code.split("/")[0]}/)`))).toEqual([]);
});

/** What an example mentions: the code itself, or the state by which an app meets it without an error. */
function exampleOf(code: ErrorCode): RegExp {
  const states: Partial<Record<ErrorCode, RegExp>> = {
    "recovery/not-here": /"linked"/,
    "session/peer-or-clone": /kind === "clone"/,
    "relay/unreachable": /"offline"/,
    "relay/upgrade-required": /"upgrade-required"/,
    "message/empty": /text !== ""/,
    "message/unreadable": /"unreadable"/,
  };
  return states[code] ?? new RegExp(`MessengerError\\.is\\(error, "${code}"\\)`);
}
