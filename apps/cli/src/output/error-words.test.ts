import { MessengerError } from "@sotto/client";
import { describe, expect, it } from "vitest";
import { messageOf } from "./error-words.ts";

const FOLDER = "/home/alice/.local/share/sotto";

const REPLACED: readonly (readonly [MessengerError, readonly string[]])[] = [
  [new MessengerError("account/not-found", {}) as MessengerError, [FOLDER, "sotto init", "sotto login", "sotto restore", "--dir"]],
  [new MessengerError("account/exists", { id: "sotto1abc" }) as MessengerError, [FOLDER, "--dir"]],
  [new MessengerError("storage/locked", {}) as MessengerError, [FOLDER, "sotto read --follow"]],
  [new MessengerError("storage/full", {}) as MessengerError, ["disk"]],
  [new MessengerError("relay/unreachable", { relay: "http://localhost:9" }) as MessengerError, ["http://localhost:9", "address"]],
  [new MessengerError("device/qr-invalid", { reason: "it is too short" }) as MessengerError, ["it is too short", "line"]],
];

describe("an error of the SDK", () => {
  it.each(REPLACED)("%s names what a person at a terminal can do", (error, parts) => {
    const message = messageOf(error, FOLDER);
    for (const part of parts) expect(message).toContain(part);
    expect(message).not.toMatch(/\btab\b|browser|outbox|Open it|Scan|undefined/);
    expect(message).toMatch(/^[A-Z].*\.$/);
  });

  it("keeps its own words where they fit", () => {
    const error = new MessengerError("invite/used", {});
    expect(messageOf(error, FOLDER)).toBe(error.message);
  });
});
