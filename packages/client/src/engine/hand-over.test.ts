import { describe, expect, test } from "vitest";
import { fuzzDecoder } from "@sotto/protocol/testing";
import { BareAccount, p, Stranger } from "../../test/support/bare-account.ts";
import { decodeHandOver, encodeHandOver, type HandOver, openSnapshot, sealSnapshot, snapshotOf } from "./hand-over.ts";

function handOver(change: Partial<HandOver> = {}): HandOver {
  return {
    list: new Stranger().list(3),
    deviceId: 2,
    giver: 1,
    name: "Alice",
    relays: ["https://relay.example"],
    requestKey: p.randomBytes(32),
    restoreRoot: p.randomBytes(32),
    published: true,
    handle: "alice",
    blobId: p.randomBytes(32),
    blobKey: p.randomBytes(32),
    besides: 19_000,
    snapshot: 1_000,
    recovery: "seen",
    phrase: p.randomBytes(32),
    ...change,
  };
}

describe("a hand-over", () => {
  test.each([{}, { handle: null, phrase: null }])("comes back as it was (%j)", (change) => {
    const given = handOver(change);
    expect(decodeHandOver(p, encodeHandOver(given))).toEqual(given);
  });

  test("fits a pairing with the longest list, name and relays", () => {
    const stranger = new Stranger();
    const list = { ...stranger.list(1), bytes: new Uint8Array(1_737) };
    const relays = ["r", "s"].map((letter) => `https://${letter.repeat(247)}`);
    const bytes = encodeHandOver(handOver({ list, name: "Ä".repeat(64), relays }));
    expect(bytes.length).toBeLessThanOrEqual(3_000);
  });

  test("by a device that is not in the list is refused", () => {
    expect(() => decodeHandOver(p, encodeHandOver(handOver({ giver: 7 })))).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });

  test("damaged in any way fails with the typed error", () => {
    fuzzDecoder(encodeHandOver(handOver()), (bytes) => decodeHandOver(p, bytes));
  });
});

describe("a snapshot", () => {
  test("opens for who has the hand-over, and only whole", async () => {
    const me = await BareAccount.open();
    const given = handOver();
    const plaintexts = await me.change(async (tx) => await snapshotOf(tx, new Uint8Array(33)));
    const blob = sealSnapshot(p, given, plaintexts);
    expect(openSnapshot(p, given, blob)).toEqual(plaintexts);
    expect(() => openSnapshot(p, { ...given, blobId: p.randomBytes(32) }, blob)).toThrow(
      expect.objectContaining({ code: "decode/invalid" }),
    );
    fuzzDecoder(blob, (bytes) => openSnapshot(p, given, bytes), { refusesAll: true });
  });
});
