import { type ErrorCode, MessengerError } from "@sotto/client";
import { describe, expect, test } from "vitest";
import { errorTexts } from "../../../../packages/client/src/error-texts.ts";
import { isAbort, isUnexpected, problemOf } from "./problem.ts";

const details = {
  reason: "x",
  words: 3,
  position: 2,
  word: "x",
  suggestions: [],
  retryAfter: 1000,
  count: 1,
  what: "x",
  limit: 1,
  size: 2,
};
const every = Object.keys(errorTexts).map((code) => new MessengerError(code as ErrorCode, details));

describe("what a screen says of an error", () => {
  test.each(every.map((error) => [error.code, error] as const))("%s has a title, the client's words, and a way on", (_, error) => {
    const { title, text, way } = problemOf(error);
    expect(title).not.toBe("");
    expect(text).toBe(error.message);
    expect(["retry", "close", "reload"]).toContain(way);
    if (error.retryable) expect(way).not.toBe("close");
  });

  test("no word on the screen is one that people need not know", () => {
    for (const error of every) expect(problemOf(error).title).not.toMatch(/\b(?:key|fingerprint|session|token|inbox)\b/i);
  });

  test("what nobody foresaw is calm, and shows nothing of its inside", () => {
    const problem = problemOf(new TypeError("secret.words is undefined"));
    expect(problem.way).toBe("reload");
    expect(JSON.stringify(problem)).not.toContain("secret");
    expect(problemOf(undefined)).toEqual(problem);
  });

  test("giving up is no error, a bug is not foreseen", () => {
    expect(isAbort(new DOMException("stop", "AbortError"))).toBe(true);
    expect(isAbort(new MessengerError("aborted", {}))).toBe(true);
    expect(isAbort(new MessengerError("closed", {}))).toBe(false);
    expect(isUnexpected(new MessengerError("internal", {}))).toBe(true);
    expect(isUnexpected(new Error("x"))).toBe(true);
    expect(isUnexpected(new MessengerError("invite/used", {}))).toBe(false);
  });
});
