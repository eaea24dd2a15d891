import { expect, test } from "vitest";
import { fuzzDecoder } from "@sotto/protocol/testing";
import type { AccountId } from "./api.ts";
import { MessengerError } from "./errors.ts";
import { labelOf, readLabel } from "./label.ts";

const summary = { id: "sotto1example" as AccountId, name: "Älice" };

test("a label comes back as it was", () => {
  expect(readLabel(labelOf({ ...summary, ...{ phrase: "never in a label" } }))).toEqual(summary);
});

test("a damaged label fails with the typed error", () => {
  fuzzDecoder(labelOf(summary), readLabel, { error: MessengerError as never });
});
