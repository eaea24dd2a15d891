import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountWithDevices, deviceOf, resign } from "../../test/support/device-lists.ts";
import { fuzzDecoder, hex, testPrimitives } from "../../test/support/index.ts";
import { ourDeviceList } from "../../test/vectors/identity.ts";
import { torsionPoints } from "../../test/vectors/primitives.ts";
import { type PublicKey, generateKeyPair } from "../agreement/key-pair.ts";
import { ascii, be4, concat } from "../bytes.ts";
import { MAX_DEVICES, MAX_LIST_VERSION } from "../limits.ts";
import { newDevice, signDeviceEntry, verifyDeviceEntry } from "./device.ts";
import { type DeviceList, NO_PREVIOUS_LIST, deviceInList, nextDeviceId, signDeviceList, verifyDeviceList } from "./device-list.ts";
import { multiplyAdd, reduceScalar } from "./scalar.ts";
import { verify } from "./xeddsa.ts";

const p = testPrimitives("device-list");
const refused = (code: string): unknown => expect.objectContaining({ code });

// Offsets in the encoding: format 0, version 1, issued 9, account 17, previous 50, count 82, entries 83 (id, key + 1, added + 34,
// signature + 42; 106 each).
const COUNT = 82;
const ENTRY = (index: number): number => 83 + 106 * index;
const setByte =
  (offset: number, value: number) =>
  (bytes: Uint8Array): Uint8Array => {
    const changed = bytes.slice();
    changed[offset] = value;
    return changed;
  };

describe("a device", () => {
  test("has an id, a registration id of 14 bits that is not zero, and keys", () => {
    const zero = { ...p, randomBytes: (length: number) => (length === 2 ? new Uint8Array(2) : p.randomBytes(length)) };
    expect(newDevice(zero, 1).registrationId).toBe(0x3fff);
    for (let i = 0; i < 50; i++) {
      const { registrationId } = newDevice(p, 127);
      expect(registrationId).toBeGreaterThan(0);
      expect(registrationId).toBeLessThanOrEqual(0x3fff);
    }
  });

  test.each([0, 128, 1.5, -1, Number.NaN])("does not have the id %d", (id) => {
    expect(() => newDevice(p, id)).toThrow(refused("argument/invalid"));
  });

  test("signs for one account, one id and one key", () => {
    const account = generateKeyPair(p).publicKey;
    const { entry } = deviceOf(p, account, 3);
    expect(verifyDeviceEntry(p, entry, account)).toBe(true);
    expect(verifyDeviceEntry(p, entry, generateKeyPair(p).publicKey)).toBe(false);
    expect(verifyDeviceEntry(p, { ...entry, id: 4 }, account)).toBe(false);
    expect(verifyDeviceEntry(p, { ...entry, key: generateKeyPair(p).publicKey }, account)).toBe(false);
  });
});

describe("a device list", () => {
  test("comes back from its bytes as it was, whatever it holds", () => {
    const content = fc.record({
      version: fc.integer({ min: 1, max: MAX_LIST_VERSION }),
      issued: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      previous: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 127 }), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(content, ({ ids, ...rest }) => {
        const account = generateKeyPair(p);
        const entries = ids.map((id) => deviceOf(p, account.publicKey, id).entry);
        const list = signDeviceList(p, account, { ...rest, entries });
        expect(verifyDeviceList(p, list.bytes)).toEqual(list);
        expect(list.entries.map(({ id }) => id)).toEqual(ids.toSorted((a, b) => a - b));
      }),
      { numRuns: 10 },
    );
  });

  test("has the frozen format", () => {
    const list = verifyDeviceList(p, hex(ourDeviceList.bytes));
    expect(list).toMatchObject({ version: 7, issued: 1_700_000_000_000 });
    expect(list.entries.map(({ id, added }) => [id, added])).toEqual([
      [1, 1_600_000_000_000],
      [9, 1_650_000_000_000],
    ]);
    expect(list.hash).toEqual(hex(ourDeviceList.hash));
  });

  test("has a hash that does not depend on the signature", () => {
    const { account, list } = accountWithDevices(p, 1);
    const again = signDeviceList(p, account, list);
    expect(again.bytes).not.toEqual(list.bytes);
    expect(again.hash).toEqual(list.hash);
  });

  test("holds up to 16 devices", () => {
    const { account, list } = accountWithDevices(p, MAX_DEVICES);
    expect(verifyDeviceList(p, list.bytes).entries).toHaveLength(MAX_DEVICES);
    const entries = [...list.entries, deviceOf(p, account.publicKey, 17).entry];
    expect(() => signDeviceList(p, account, { ...list, entries })).toThrow(refused("identity/device-limit"));
  });

  test("finds a device by its key", () => {
    const { devices, list } = accountWithDevices(p, 3);
    expect(deviceInList(list, devices[1]?.keys.publicKey as never)?.id).toBe(2);
    expect(deviceInList(list, generateKeyPair(p).publicKey)).toBeUndefined();
  });
});

describe("what nobody may sign", () => {
  const { account, list } = accountWithDevices(p, 2);
  const [first, second] = list.entries as [DeviceList["entries"][0], DeviceList["entries"][0]];
  const stranger = generateKeyPair(p);
  const accountAsDevice = signDeviceEntry(p, { id: 5, keys: account }, account.publicKey, 0);
  const sameId = deviceOf(p, account.publicKey, 1).entry;
  const twoNames = signDeviceEntry(p, { id: 3, keys: generateKeyPair(p) }, account.publicKey, 0);

  test.each([
    ["no devices", { entries: [] }, "argument/invalid"],
    ["version 0", { version: 0 }, "argument/invalid"],
    ["a version above 2^46", { version: MAX_LIST_VERSION + 1 }, "argument/invalid"],
    ["half a version", { version: 1.5 }, "argument/invalid"],
    ["a short previous hash", { previous: new Uint8Array(31) }, "argument/invalid"],
    ["an id twice", { entries: [first, sameId] }, "identity/id-reused"],
    ["a key twice", { entries: [twoNames, { ...twoNames, id: 4 }] }, "identity/id-reused"],
    ["the account's own key as a device", { entries: [first, accountAsDevice] }, "identity/id-reused"],
    ["a device of another account", { entries: [deviceOf(p, stranger.publicKey, 1).entry] }, "identity/bad-signature"],
    ["a device that did not agree to its id", { entries: [{ ...second, id: 7 }] }, "identity/bad-signature"],
  ])("%s", (_, change, code) => {
    expect(() => signDeviceList(p, account, { ...list, ...change })).toThrow(refused(code));
  });
});

describe("what no signature of the account makes acceptable", () => {
  const { account, list } = accountWithDevices(p, 2);
  const swapEntries = (bytes: Uint8Array): Uint8Array =>
    concat(bytes.slice(0, ENTRY(0)), bytes.slice(ENTRY(1), ENTRY(2)), bytes.slice(ENTRY(0), ENTRY(1)));
  const repeatEntry = (bytes: Uint8Array): Uint8Array => concat(bytes.slice(0, ENTRY(1)), bytes.slice(ENTRY(0), ENTRY(1)));

  test("the planted positive: unchanged, the re-signed list is accepted", () => {
    expect(
      verifyDeviceList(
        p,
        resign(p, account, list, (bytes) => bytes),
      ).hash,
    ).toEqual(list.hash);
  });

  test.each([
    ["another format", setByte(0, 2), "decode/invalid"],
    ["version 0", setByte(8, 0), "decode/invalid"],
    ["a version beyond 2^53", setByte(1, 0xff), "decode/invalid"],
    ["a version above 2^46", setByte(2, 0x40), "decode/invalid"],
    ["no devices", (bytes: Uint8Array) => setByte(COUNT, 0)(bytes.slice(0, ENTRY(0))), "decode/invalid"],
    ["17 devices", setByte(COUNT, 17), "decode/invalid"],
    ["fewer devices than it says", setByte(COUNT, 3), "decode/invalid"],
    ["more devices than it says", setByte(COUNT, 1), "decode/invalid"],
    ["device id 0", setByte(ENTRY(0), 0), "decode/invalid"],
    ["device id 128", setByte(ENTRY(1), 128), "decode/invalid"],
    ["ids out of order", swapEntries, "identity/id-reused"],
    ["an entry twice", repeatEntry, "identity/id-reused"],
    ["a device key of another type", setByte(ENTRY(0) + 1, 6), "agreement/invalid-key"],
    ["a device key of small order", (bytes: Uint8Array) => bytes.slice().fill(0, ENTRY(0) + 2, ENTRY(0) + 34), "agreement/invalid-key"],
    ["a device that signed for another id", setByte(ENTRY(1), 9), "identity/bad-signature"],
    ["a device signature that is damaged", setByte(ENTRY(1) + 42, 0xaa), "identity/bad-signature"],
  ])("%s", (_, change, code) => {
    expect(() => verifyDeviceList(p, resign(p, account, list, change))).toThrow(refused(code));
  });

  test("another account's signature", () => {
    expect(() =>
      verifyDeviceList(
        p,
        resign(p, generateKeyPair(p), list, (bytes) => bytes),
      ),
    ).toThrow(refused("identity/bad-signature"));
  });
});

test("an account key outside the prime-order group is refused, although its owner can sign", () => {
  const { Point } = ed25519;
  const a = reduceScalar(p.sha512(ascii("private")));
  const mixed = Point.fromBytes(p.edwards.multiplyBase(a))
    .add(Point.fromHex(torsionPoints[3] as string))
    .toBytes();
  const account = concat(Uint8Array.of(0x05), ed25519.utils.toMontgomery(mixed)) as PublicKey;
  const { entry } = deviceOf(p, account, 1);
  const honest = accountWithDevices(p, 1).list.bytes;
  const encoding = concat(honest.slice(0, 17), account, honest.slice(50, ENTRY(0) + 42), entry.signature);
  encoding.set(entry.key, ENTRY(0) + 1);
  const message = concat(ascii("Sotto DeviceList v1"), encoding);
  // One nonce in eight makes h a multiple of eight, and the torsion part vanishes.
  const attempts = Array.from({ length: 200 }, (_, i) => {
    const r = reduceScalar(p.sha512(be4(i)));
    const R = p.edwards.multiplyBase(r);
    const signature = concat(R, multiplyAdd(reduceScalar(p.sha512(concat(R, mixed, message))), a, r));
    signature[63] = (signature[63] as number) | ((mixed[31] as number) & 0x80);
    return signature;
  });
  const signature = attempts.find((attempt) => verify(p, account, message, attempt));
  // The planted positive: the bare signature check accepts it.
  if (signature === undefined) throw new Error("one nonce in eight fits");
  expect(() => verifyDeviceList(p, concat(encoding, signature))).toThrow(refused("agreement/invalid-key"));
});

test("tampering with any byte of a signed list is noticed", () => {
  const { bytes } = accountWithDevices(p, 2).list;
  for (let i = 0; i < bytes.length; i++) {
    expect(() => verifyDeviceList(p, setByte(i, (bytes[i] as number) ^ 0x10)(bytes))).toThrow(
      expect.objectContaining({ name: "ProtocolError" }),
    );
  }
});

test("damaged lists are all refused, with the typed error", () => {
  fuzzDecoder(accountWithDevices(p, 1).list.bytes, (bytes) => verifyDeviceList(p, bytes), { runs: 150, refusesAll: true });
});

test("verifying keeps nothing of the bytes it was given", () => {
  const { list } = accountWithDevices(p, 1);
  const given = list.bytes.slice();
  const verified = verifyDeviceList(p, given);
  given.fill(0);
  expect(verified).toEqual(list);
});

test("the next id is above all that were ever given away, and ends at 127", () => {
  const { list } = accountWithDevices(p, 3);
  expect(nextDeviceId(list, 0)).toBe(4);
  expect(nextDeviceId(list, 9)).toBe(10);
  expect(() => nextDeviceId(list, 127)).toThrow(refused("identity/device-limit"));
});

test("the first list names no list before it", () => {
  expect(NO_PREVIOUS_LIST).toEqual(new Uint8Array(32));
});
