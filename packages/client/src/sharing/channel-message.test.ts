import { type CborInput, encodeCbor } from "@sotto/encoding";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Connection } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { type ChannelMessage, decodeMessage, encodeMessage } from "./channel-message.ts";

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const count = fc.maxSafeNat();
const when = fc.nat(2_000_000_000).map((seconds) => new Date(seconds * 1000));
const inside: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, "text", 7),
  fc.uint8Array({ maxLength: 20 }),
  fc.record({ deep: fc.array(fc.record({ n: fc.nat(), b: fc.uint8Array({ maxLength: 5 }) }), { maxLength: 3 }) }),
);
const connection: fc.Arbitrary<Connection> = fc.oneof(
  fc.record({ state: fc.constant("online" as const), since: when, relay: fc.webUrl().map((url) => new URL(url)) }),
  fc.record({ state: fc.constant("connecting" as const), attempt: count }),
  fc.record({ state: fc.constant("connecting" as const), attempt: count, retryAt: when }),
  fc.record({ state: fc.constant("offline" as const), reason: fc.constantFrom("no-network" as const, "relay-unreachable", "closed") }),
  fc.record({ state: fc.constant("blocked" as const), reason: fc.constantFrom("removed" as const, "erased"), until: when }),
);
const relays = fc.array(fc.tuple(fc.webUrl(), connection), { maxLength: 4 }).map((each) => new Map(each));
const error = fc.constantFrom(
  new MessengerError("message/too-large", { limit: 1, size: 2 }),
  new MessengerError("invite/used", {}),
  new MessengerError("phrase/bad-word", { position: 1, word: "x", suggestions: ["y", "z"] }),
);
const message: fc.Arbitrary<ChannelMessage> = fc.oneof(
  fc.constantFrom<ChannelMessage>({ type: "hello" }, { type: "erased" }),
  fc.record({ type: fc.constant("welcome" as const), writer: id, commits: count, connection, relays }),
  fc.record({ type: fc.constant("commit" as const), writer: id, number: count, inside }),
  fc.record({ type: fc.constant("connection" as const), writer: id, connection, relays }),
  fc.record({ type: fc.constant("error" as const), writer: id, error }),
  fc.record({ type: fc.constant("call" as const), id, name: fc.string({ maxLength: 20 }), given: fc.array(inside, { maxLength: 3 }) }),
  fc.record({ type: fc.constant("cancel" as const), id }),
  fc.record({ type: fc.constant("result" as const), id, result: inside }),
  fc.record({ type: fc.constant("failure" as const), id, error }),
);

describe("a message between tabs", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(message, (said) => {
        expect(decodeMessage(encodeMessage(said))).toEqual(said);
      }),
    );
  });

  test("that is damaged is refused with a typed error, or says something else", () => {
    let refused = 0;
    const damage = fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), to: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(message, damage, (said, { at, to, cut }) => {
        const bytes = encodeMessage(said);
        const place = Math.floor(at * bytes.length);
        const damaged = cut ? bytes.slice(0, place) : bytes.with(place, to);
        try {
          encodeMessage(decodeMessage(damaged));
        } catch (thrown) {
          expect(MessengerError.is(thrown, "argument/invalid")).toBe(true);
          refused++;
        }
      }),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test("from noise is refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        expect(() => decodeMessage(noise)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
      }),
    );
  });

  test("that holds what cannot be copied is not written", () => {
    const call = (given: unknown): ChannelMessage => ({ type: "call", id: "00".repeat(16), name: "sendText", given: [given] });
    for (const value of [() => 1, Symbol("x"), 1.5, Number.POSITIVE_INFINITY]) {
      expect(() => encodeMessage(call(value))).toThrow(expect.objectContaining({ code: "argument/invalid" }));
    }
  });

  test.each([
    ["an error that nobody knows", { type: "failure", error: { code: "no/such", details: encodeCbor({}) } }],
    ["an error without its details", { type: "failure", error: { code: "phrase/bad-word", details: encodeCbor(null) } }],
    ["a field that nobody asked for", { type: "hello", more: 1 }],
    ["a type that nobody knows", { type: "shout" }],
  ])("with %s is refused", (_, fields) => {
    const known = "error" in fields ? { ...fields, id: new Uint8Array(16) } : fields;
    expect(() => decodeMessage(encodeCbor(known as CborInput))).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  });
});
