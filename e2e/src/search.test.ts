import { describe, expect, test } from "vitest";
import { findIn, textNeedle } from "./search.ts";

const needle = textNeedle("the plan", "meet me at the old mill at nine");

describe("the search finds a planted leak", () => {
  const raw = Buffer.from("meet me at the old mill at nine");
  const planted: Record<string, Uint8Array> = {
    "as it is": Buffer.concat([Buffer.alloc(100, 7), raw, Buffer.alloc(9, 1)]),
    "as hex": Buffer.from(`..${raw.toString("hex")}..`),
    "as upper-case hex": Buffer.from(raw.toString("hex").toUpperCase()),
    "as base64": Buffer.from(raw.toString("base64")),
    "as UTF-16": Buffer.from("xx meet me at the old mill at nine", "utf16le"),
  };
  for (const shift of [1, 2, 3, 4, 5]) {
    planted[`inside longer base64, ${shift} bytes in`] = Buffer.from(
      Buffer.concat([Buffer.alloc(shift, 65), raw, Buffer.from("and more")]).toString("base64"),
    );
    planted[`inside longer base64url, ${shift} bytes in`] = Buffer.from(
      Buffer.concat([Buffer.alloc(shift, 255), raw, Buffer.from("??>>")]).toString("base64url"),
    );
  }
  for (const [how, haystack] of Object.entries(planted)) {
    test(how, () => expect(findIn(haystack, [needle])).toEqual(["the plan"]));
  }
});

test("the search finds nothing where nothing is", () => {
  expect(findIn(Buffer.from("meet me at the new mill at ten".repeat(50)), [needle])).toEqual([]);
});
