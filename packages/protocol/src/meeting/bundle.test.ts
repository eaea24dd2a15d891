import { describe, expect, test } from "vitest";
import { DAY, NOW, firstDevice, person } from "../../test/messages/people.ts";
import { end, endsOf } from "../../test/messages/sessions.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { ProtocolError } from "../errors.ts";
import { type KeyPair, generateKeyPair } from "../agreement/key-pair.ts";
import { type DeviceEntry, newDevice, signDeviceEntry } from "../identity/device.ts";
import { signDeviceList } from "../identity/device-list.ts";
import { sign } from "../identity/xeddsa.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { RatchetSession } from "../session/ratchet-session.ts";
import {
  BUNDLE_LENGTH,
  type Bundle,
  type PublicPrekey,
  type PublicPrekeys,
  decodeBundle,
  prekeysOf,
  signBundle,
  verifyBundle,
  verifyBundleSignature,
} from "./bundle.ts";
import { newPrekeys, publishedPrekeys } from "./prekeys.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const locator = new Uint8Array(8).fill(0xaa);

/** Prekeys as the device of `keys` publishes them. */
function publishedBy(p: Primitives, keys: KeyPair): PublicPrekeys {
  return publishedPrekeys(p, keys, newPrekeys(p, NOW)).prekeys;
}

describe("bundles", () => {
  test("say what their device said", () => {
    const p = testPrimitives();
    const alice = person(p);
    const device = firstDevice(alice);
    const prekeys = publishedBy(p, device.keys);
    const signed = signBundle(p, device, alice.account.publicKey, { issued: NOW, bits: 0, locator, prekeys });
    expect(signed.bytes).toHaveLength(BUNDLE_LENGTH);
    expect(BUNDLE_LENGTH).toBe(1_888);
    const bundle = verifyBundle(p, signed.bytes, alice.list, NOW);
    expect(bundle).toEqual(signed);
    expect(bundle).toMatchObject({ deviceId: device.id, registrationId: device.registrationId, issued: NOW, bits: 0, locator, prekeys });
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
    const device = newDevice(p, 2);
    const prekeys = publishedBy(p, device.keys);
    const stranger = signBundle(p, device, alice.account.publicKey, { issued: NOW, bits: 0, locator, prekeys });
    expect(() => verifyBundle(p, stranger.bytes, alice.list, NOW)).toThrow(code("identity/not-listed"));
  });

  test("of a listed id but another key are refused", () => {
    const p = testPrimitives();
    const alice = person(p);
    const device = newDevice(p, 1);
    const prekeys = publishedBy(p, device.keys);
    const impostor = signBundle(p, device, alice.account.publicKey, { issued: NOW, bits: 0, locator, prekeys });
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
    const { prekeys } = alice.card.bundles[0] as Bundle;
    const attempt = (bits: number, where: Uint8Array) => () =>
      signBundle(p, firstDevice(alice), alice.account.publicKey, { issued: NOW, bits, locator: where, prekeys });
    expect(attempt(1, locator)).toThrow(code("argument/invalid"));
    expect(attempt(0, new Uint8Array(7))).toThrow(code("argument/invalid"));
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
    // Every byte but of the long Kyber key, of which every 50th will do.
    const kyber = bytes.length - 64 - 32 - 64 - 1_569;
    for (let i = 0; i < bytes.length; i += i >= kyber && i < kyber + 1_500 ? 50 : 1) {
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === i ? byte ^ 1 : byte));
      expect(() => verifyBundle(p, flipped, alice.list, NOW)).toThrow(ProtocolError);
    }
  });
});

describe("prekeys in a bundle", () => {
  const p = testPrimitives("prekeys in a bundle");
  const alice = person(p);
  const device = firstDevice(alice);
  const entry = alice.list.entries[0] as DeviceEntry;
  const { prekeys } = alice.card.bundles[0] as Bundle;
  const signed = (changed: PublicPrekeys): Uint8Array =>
    signBundle(p, device, alice.account.publicKey, { issued: NOW, bits: 0, locator, prekeys: changed }).bytes;
  const publish = (key: Uint8Array, signature = sign(p, device.keys, key)): PublicPrekey => ({ id: 1, key, signature });

  test("are what a session begins with", () => {
    const bundle = verifyBundle(p, signed(prekeys), alice.list, NOW);
    const oneTime = { id: 7, key: generateKeyPair(p).publicKey };
    const { signed: ec, kyber } = prekeys;
    const common = { identityKey: entry.key, signedPrekey: ec.key, kyberPrekey: kyber.key, signedPrekeyId: ec.id, kyberPrekeyId: kyber.id };
    expect(prekeysOf(p, bundle, entry)).toEqual(common);
    expect(prekeysOf(p, bundle, entry, oneTime)).toEqual({ ...common, oneTimePrekey: oneTime.key, oneTimePrekeyId: 7 });
  });

  test.each<[string, Partial<PublicPrekeys>]>([
    ["a signed prekey of another device", { signed: publish(prekeys.signed.key, sign(p, generateKeyPair(p), prekeys.signed.key)) }],
    ["a Kyber prekey of another device", { kyber: publish(prekeys.kyber.key, sign(p, generateKeyPair(p), prekeys.kyber.key)) }],
    ["a signed prekey under the signature of another", { signed: publish(generateKeyPair(p).publicKey, prekeys.signed.signature) }],
    ["a Kyber prekey under the signature of the signed prekey", { kyber: { ...prekeys.kyber, signature: prekeys.signed.signature } }],
    ["a signature of nothing", { signed: publish(prekeys.signed.key, new Uint8Array(64)) }],
  ])("%s is refused, although the device signed the whole", (_, change) => {
    expect(() => verifyBundle(p, signed({ ...prekeys, ...change }), alice.list, NOW)).toThrow(code("identity/bad-signature"));
  });

  test("that cannot be agreed with are refused when a session would begin, although the device signed them", () => {
    const smallOrder = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 5 : 0));
    const bundle = verifyBundle(p, signed({ ...prekeys, signed: publish(smallOrder) }), alice.list, NOW);
    expect(() => prekeysOf(p, bundle, entry)).toThrow(code("agreement/invalid-key"));
    const fine = verifyBundle(p, signed(prekeys), alice.list, NOW);
    expect(() => prekeysOf(p, fine, entry, { id: 1, key: smallOrder })).toThrow(code("agreement/invalid-key"));
    expect(() => prekeysOf(p, fine, entry, { id: 1, key: new Uint8Array(32) })).toThrow(code("agreement/invalid-key"));
  });

  test("of another Kyber type do not begin a session", () => {
    const other = Uint8Array.from(prekeys.kyber.key, (byte, i) => (i === 0 ? 0x0a : byte));
    const bundle = verifyBundle(p, signed({ ...prekeys, kyber: publish(other) }), alice.list, NOW);
    const session = RatchetSession.start(endsOf(p, end(person(p)), end(alice)));
    expect(() => session.initiate(p, prekeysOf(p, bundle, entry), new Uint8Array(1), NOW)).toThrow(code("agreement/invalid-key"));
  });
});
