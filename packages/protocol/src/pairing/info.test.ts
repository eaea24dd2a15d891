import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { type PublicKey, generateKeyPair } from "../agreement/key-pair.ts";
import { encodeCbor } from "../cbor.ts";
import { type PairingInfo, decodeInfo, encodeInfo } from "./info.ts";

const p = testPrimitives("pairing info");
const device = { key: generateKeyPair(p).publicKey, registrationId: 0x3fff };

test("what a device says is read as it was said", () => {
  const names = fc.constantFrom("Pixel 8", "Ada's laptop", "電話", "x", "é".repeat(64));
  const infos: fc.Arbitrary<PairingInfo> = fc.oneof(
    fc.record({ role: fc.constantFrom("give" as const, "receive" as const), deviceName: names }),
    fc.record({ role: fc.constant("receive" as const), deviceName: names, device: fc.constant(device) }),
  );
  fc.assert(
    fc.property(infos, (info) => {
      expect(decodeInfo(p, encodeInfo(info))).toEqual(info);
    }),
    { numRuns: 30 },
  );
});

test("damaged forms are refused with the typed error, or read as what they say", () => {
  fuzzDecoder(encodeInfo({ role: "receive", deviceName: "new laptop", device }), (bytes) => decodeInfo(p, bytes));
});

describe("refused", () => {
  const smallOrder = new Uint8Array(33);
  smallOrder[0] = 5;
  test.each([
    ["no map", encodeCbor([1])],
    ["no name", encodeCbor({ role: "give" })],
    ["no role", encodeCbor({ name: "a" })],
    ["another role", encodeCbor({ role: "watch", name: "a" })],
    ["a blank name", encodeCbor({ role: "give", name: " " })],
    ["a name with a line break", encodeCbor({ role: "give", name: "a\nApprove now" })],
    ["a name that turns the text around", encodeCbor({ role: "give", name: "a\u202eb" })],
    ["a name of 65 characters", encodeCbor({ role: "give", name: "a".repeat(65) })],
    ["a giver with a key", encodeCbor({ role: "give", name: "a", key: device.key, registration: 1 })],
    ["a key without a registration id", encodeCbor({ role: "receive", name: "a", key: device.key })],
    ["a registration id without a key", encodeCbor({ role: "receive", name: "a", registration: 1 })],
    ["a registration id of 15 bits", encodeCbor({ role: "receive", name: "a", key: device.key, registration: 0x4000 })],
    ["a key of small order", encodeCbor({ role: "receive", name: "a", key: smallOrder, registration: 1 })],
    ["something more", encodeCbor({ role: "give", name: "a", more: 1 })],
  ])("%s", (_, bytes) => {
    expect(() => decodeInfo(p, bytes)).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });

  test("at its own device already, with the misuse named", () => {
    const misuse = expect.objectContaining({ code: "argument/invalid", blame: "misuse" });
    expect(() => encodeInfo({ role: "give", deviceName: "a", device })).toThrow(misuse);
    expect(() => encodeInfo({ role: "receive", deviceName: "a", device: { ...device, registrationId: 0x4000 } })).toThrow(misuse);
    expect(() => encodeInfo({ role: "receive", deviceName: "\u0007", device: { ...device, key: device.key as PublicKey } })).toThrow(
      misuse,
    );
  });
});
