import { describe, expect, test } from "vitest";
import { DAY, NOW, firstDevice, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { ProtocolError } from "../errors.ts";
import { newDevice, signDeviceEntry } from "../identity/device.ts";
import { signDeviceList } from "../identity/device-list.ts";
import { BUNDLE_LENGTH, type Bundle, decodeBundle, signBundle, verifyBundle, verifyBundleSignature } from "./bundle.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const locator = new Uint8Array(8).fill(0xaa);

describe("bundles", () => {
  test("say what their device said", () => {
    const p = testPrimitives();
    const alice = person(p);
    const device = firstDevice(alice);
    const signed = signBundle(p, device, alice.account.publicKey, { issued: NOW, bits: 0, locator });
    expect(signed.bytes).toHaveLength(BUNDLE_LENGTH);
    expect(BUNDLE_LENGTH).toBe(118);
    const bundle = verifyBundle(p, signed.bytes, alice.list, NOW);
    expect(bundle).toEqual(signed);
    expect(bundle).toMatchObject({ deviceId: device.id, registrationId: device.registrationId, issued: NOW, bits: 0, locator });
  });

  test("hold for 14 days, and from an hour ahead", () => {
    const p = testPrimitives();
    const alice = person(p);
    const { bytes } = alice.card.bundles[0] as Bundle;
    for (const now of [NOW - 3_600_000, NOW, NOW + 14 * DAY]) expect(verifyBundle(p, bytes, alice.list, now).issued).toBe(NOW);
    for (const now of [NOW - 3_600_001, NOW + 14 * DAY + 1])
      expect(() => verifyBundle(p, bytes, alice.list, now)).toThrow(code("meeting/stale"));
    expect(verifyBundleSignature(p, bytes, alice.list).issued).toBe(NOW);
  });

  test("of a device that is not listed are refused", () => {
    const p = testPrimitives();
    const alice = person(p);
    const stranger = signBundle(p, newDevice(p, 2), alice.account.publicKey, { issued: NOW, bits: 0, locator });
    expect(() => verifyBundle(p, stranger.bytes, alice.list, NOW)).toThrow(code("identity/not-listed"));
  });

  test("of a listed id but another key are refused", () => {
    const p = testPrimitives();
    const alice = person(p);
    const impostor = signBundle(p, newDevice(p, 1), alice.account.publicKey, { issued: NOW, bits: 0, locator });
    expect(() => verifyBundle(p, impostor.bytes, alice.list, NOW)).toThrow(code("identity/bad-signature"));
  });

  test("of another account are refused, even with a device that both list", () => {
    const p = testPrimitives();
    const [alice, mallory] = [person(p), person(p)];
    const device = firstDevice(alice);
    // Mallory lists Alice's device as his own; in truth its signature for his account is missing, so the list is not even signed by us.
    expect(() => signDeviceList(p, mallory.account, { ...mallory.list, entries: alice.list.entries })).toThrow(
      code("identity/bad-signature"),
    );
    const both = signDeviceEntry(p, device, mallory.account.publicKey, NOW);
    const list = signDeviceList(p, mallory.account, { ...mallory.list, entries: [both] });
    expect(() => verifyBundle(p, (alice.card.bundles[0] as Bundle).bytes, list, NOW)).toThrow(code("identity/not-listed"));
  });

  test("are not signed for more bits than we publish, nor with a locator of another size", () => {
    const p = testPrimitives();
    const alice = person(p);
    const sign = (bits: number, where: Uint8Array) => () =>
      signBundle(p, firstDevice(alice), alice.account.publicKey, { issued: NOW, bits, locator: where });
    expect(sign(1, locator)).toThrow(code("argument/invalid"));
    expect(sign(0, new Uint8Array(7))).toThrow(code("argument/invalid"));
  });

  test.each([
    ["another format", 0, 2],
    ["device id 0", 34, 0],
    ["device id 128", 34, 128],
    ["a registration id of 15 bits", 35, 0x40],
    ["65 bits", 45, 65],
  ])("%s is refused before anything is verified", (_, offset, value) => {
    const { bytes } = person(testPrimitives()).card.bundles[0] as Bundle;
    expect(() => decodeBundle(Uint8Array.from(bytes, (byte, i) => (i === offset ? value : byte)))).toThrow(code("decode/invalid"));
  });

  test("damaged in any way they are refused", () => {
    const p = testPrimitives();
    const alice = person(p);
    const { bytes } = alice.card.bundles[0] as Bundle;
    fuzzDecoder(bytes, (damaged) => verifyBundle(p, damaged, alice.list, NOW), { refusesAll: true, runs: 100 });
    for (let i = 0; i < bytes.length; i++) {
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === i ? byte ^ 1 : byte));
      expect(() => verifyBundle(p, flipped, alice.list, NOW)).toThrow(ProtocolError);
    }
  });
});
