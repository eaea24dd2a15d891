import { inspect } from "node:util";
import { ProtocolError, parseInvite, protocolErrors, type ProtocolErrorCode } from "@sotto/protocol";
import { WireError } from "@sotto/wire";
import { describe, expect, test } from "vitest";
import { asMessengerError } from "./error-mapping.ts";
import { type ErrorCode, type ErrorDetails, MessengerError } from "./errors.ts";

/** Details for every code; a new code does not compile until it is here. */
const samples: { readonly [C in ErrorCode]: ErrorDetails[C] } = {
  "account/not-found": {},
  "account/exists": { id: "sotto1abc" },
  "address/invalid": { reason: "it is too short" },
  "address/not-found": {},
  "address/handle-taken": { handle: "alice" },
  "phrase/bad-length": { words: 23 },
  "phrase/bad-word": { position: 3, word: "abandn", suggestions: ["abandon"] },
  "phrase/bad-checksum": {},
  "phrase/other-account": {},
  "recovery/not-here": {},
  "backup/damaged": { reason: "it ends too early" },
  "backup/wrong-key": {},
  "backup/newer": { found: 2, known: 1 },
  "backup/not-found": {},
  "backup/too-large": { limit: 100 },
  "storage/locked": {},
  "storage/wrong-key": { reason: "keeper" },
  "storage/full": {},
  "storage/corrupt": { what: "a record does not open" },
  "storage/newer": { found: 2, known: 1 },
  "storage/unavailable": { reason: "there is none" },
  "relay/unreachable": { relay: "https://relay.example" },
  "relay/rate-limited": { retryAfter: 1500 },
  "relay/busy": { code: "board/full", retryAfter: 5000 },
  "relay/upgrade-required": {},
  "relay/rejected": { status: 403, code: "unknown" },
  "relay/misbehaving": { what: "cells that were sent before" },
  "invite/invalid": { reason: "it is cut off" },
  "invite/expired": {},
  "invite/used": {},
  "invite/self": {},
  "identity/invalid": { what: "its signature" },
  "identity/rolled-back": { known: 5, received: 4 },
  "identity/not-listed": {},
  "identity/changed": { contact: "sotto1example" },
  "message/empty": {},
  "message/too-large": { limit: 3000, size: 3001 },
  "message/unreadable": { reason: "it is damaged" },
  "message/missing": { count: 1 },
  "session/peer-or-clone": {},
  "send/failed": { attempts: 3 },
  "device/limit": { limit: 16 },
  "device/qr-invalid": { reason: "it is something else" },
  "device/already-used": {},
  "device/code-mismatch": {},
  "device/code-malformed": {},
  "device/expired": {},
  "device/denied": {},
  "device/pairing-failed": { reason: "the devices disagree" },
  "device/not-root": {},
  "device/history-lost": {},
  "device/removed": {},
  "device/not-listed": {},
  "argument/invalid": { reason: "it is negative" },
  aborted: {},
  closed: {},
  internal: {},
};
const codes = Object.keys(samples) as ErrorCode[];

describe("an error", () => {
  test.each(codes)("%s says what happened, in sentences", (code) => {
    const error = new MessengerError(code, samples[code]);
    expect(error.message).toMatch(/^[A-Z0-9].*[.!]$/);
    expect(error.message).not.toMatch(/undefined|NaN|\[object/);
    expect(["misuse", "user", "peer", "relay", "storage", "bug"]).toContain(error.blame);
    expect(error.toString()).toContain(error.message);
  });

  test("is told apart by its code, and its details with it", () => {
    const error: unknown = new MessengerError("storage/newer", { found: 2, known: 1 });
    expect(MessengerError.is(error)).toBe(true);
    expect(MessengerError.is(error, "storage/full")).toBe(false);
    expect(MessengerError.is(new Error("storage/newer"))).toBe(false);
    expect(MessengerError.is(error, "storage/newer", "phrase/bad-length") && error.code === "storage/newer" && error.details.found).toBe(2);
  });

  test("can be tried again only where nobody has to change anything first", () => {
    const retryable = codes.filter((code) => new MessengerError(code, samples[code]).retryable);
    expect(retryable).toEqual([
      "relay/unreachable",
      "relay/rate-limited",
      "relay/busy",
      "relay/misbehaving",
      "send/failed",
      "device/not-listed",
    ]);
  });
});

describe("what other layers throw", () => {
  const secret = "correct horse battery staple";

  test.each(Object.keys(protocolErrors) as ProtocolErrorCode[])("%s becomes an error of ours, with known details only", (code) => {
    const mapped = asMessengerError(new ProtocolError(code, "because", { position: 1, word: "abandn", suggestions: [], key: secret }));
    expect(mapped.code).not.toBe("internal");
    expect(inspect(mapped.details)).not.toContain(secret);
    expect(mapped.message).not.toContain(secret);
  });

  test("keeps what people need to know", () => {
    const word = new ProtocolError("phrase/bad-word", "no such word", { position: 3, word: "abandn", suggestions: ["abandon"] });
    expect(asMessengerError(word)).toMatchObject({
      code: "phrase/bad-word",
      details: { position: 3, word: "abandn", suggestions: ["abandon"] },
    });
    expect(asMessengerError(new ProtocolError("pairing/code-mismatch", "no"))).toMatchObject({
      code: "device/code-mismatch",
      blame: "user",
    });
  });

  test("says once that an invite cannot be used, and one thing to do about it", () => {
    const message = (text: string): string => {
      try {
        parseInvite(text);
      } catch (error) {
        return asMessengerError(error).message;
      }
      throw new Error("this invite was accepted");
    };
    expect(message("http://x")).toBe("This invite cannot be used: it is not an invite link. Ask for a new one.");
    expect(message("AAAA")).toBe("This invite cannot be used: it is incomplete: copy the whole link.");
  });

  test("is ours already, or of the contract, or cancelled, or a bug", () => {
    const ours = new MessengerError("closed", {});
    expect(asMessengerError(ours)).toBe(ours);
    expect(asMessengerError(new WireError("handle/invalid", "too short"))).toMatchObject({ code: "argument/invalid" });
    expect(asMessengerError(AbortSignal.abort().reason)).toMatchObject({ code: "aborted" });
    const bug = new TypeError("x is not a function");
    expect(asMessengerError(bug)).toMatchObject({ code: "internal", cause: bug });
    expect(asMessengerError("nonsense")).toMatchObject({ code: "internal" });
  });
});
