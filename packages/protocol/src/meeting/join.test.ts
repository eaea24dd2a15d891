import { describe, expect, test } from "vitest";
import { firstDevice, NOW, type Person, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { type CborInput, encodeCbor } from "../cbor.ts";
import { type DeviceEntry, newDevice, signDeviceEntry } from "../identity/device.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { signDeviceList } from "../identity/device-list.ts";
import { type CellAddress, cellAddress } from "../stream/cell.ts";
import { BUNDLE_LENGTH, signBundle, verifyBundle } from "./bundle.ts";
import { type Joining, openJoin, sealJoin } from "./join.ts";
import { newPrekeys, publishedPrekeys } from "./prekeys.ts";
import { sealForDevice, type SealedRecipient } from "./sealed.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const address = (p: Primitives): CellAddress => cellAddress(p, new Secret(p.randomBytes(32)), 0);
const recipient = ({ account, list }: Person): SealedRecipient => ({ account: account.publicKey, device: list.entries[0] as DeviceEntry });

function joining(p: Primitives, { account }: Person, id = 2): Joining {
  const device = newDevice(p, id);
  const { prekeys } = publishedPrekeys(p, device.keys, newPrekeys(p, NOW));
  const bundle = signBundle(p, device, account.publicKey, { issued: NOW, bits: 0, locator: new Uint8Array(8), prekeys });
  return { entry: signDeviceEntry(p, device, account.publicKey, NOW), bundle: bundle.bytes };
}

describe("a join", () => {
  test("brings the new device's entry and bundle to the device that handed the account over", () => {
    const p = testPrimitives();
    const alice = person(p);
    const [where, joins] = [address(p), joining(p, alice)];
    const body = sealJoin(p, where, recipient(alice), joins);
    const opened = openJoin(p, { address: where, body, device: firstDevice(alice), account: alice.account.publicKey });
    expect(opened).toEqual(joins);
    // Once it is listed, its bundle holds, and a session can begin.
    const content = { version: 2, issued: NOW, entries: [...alice.list.entries, opened.entry], previous: alice.list.hash };
    const list = signDeviceList(p, alice.account, content);
    expect(verifyBundle(p, opened.bundle, list, NOW).deviceId).toBe(2);
    expect(() => verifyBundle(p, opened.bundle, alice.list, NOW)).toThrow(code("identity/not-listed"));
  });

  test("with a signature for another account is refused", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p)];
    const where = address(p);
    const body = sealJoin(p, where, recipient(alice), joining(p, bob));
    const cell = { address: where, body, device: firstDevice(alice), account: alice.account.publicKey };
    expect(() => openJoin(p, cell)).toThrow(code("identity/bad-signature"));
  });

  test("under another device id than the one signed is refused", () => {
    const p = testPrimitives();
    const alice = person(p);
    const where = address(p);
    const { bundle, entry } = joining(p, alice);
    const body = sealJoin(p, where, recipient(alice), { bundle, entry: { ...entry, id: 3 } });
    const cell = { address: where, body, device: firstDevice(alice), account: alice.account.publicKey };
    expect(() => openJoin(p, cell)).toThrow(code("identity/bad-signature"));
  });

  test("for another account is not opened", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p)];
    const where = address(p);
    const body = sealJoin(p, where, recipient(alice), joining(p, alice));
    const cell = { address: where, body, device: firstDevice(alice), account: bob.account.publicKey };
    expect(() => openJoin(p, cell)).toThrow(code("meeting/wrong-recipient"));
  });

  test("without a whole bundle is refused", () => {
    const p = testPrimitives();
    const alice = person(p);
    const where = address(p);
    const { entry } = joining(p, alice);
    const open = (inside: CborInput): unknown => {
      const body = sealForDevice(p, where, recipient(alice), encodeCbor(inside));
      return openJoin(p, { address: where, body, device: firstDevice(alice), account: alice.account.publicKey });
    };
    expect(() => open({ join: { ...entry } })).toThrow(code("decode/invalid"));
    expect(() => open({ join: { ...entry }, bundle: new Uint8Array(BUNDLE_LENGTH - 1) })).toThrow(code("decode/invalid"));
  });

  test("damaged inside its seal fails with the typed error, whatever the damage", () => {
    const p = testPrimitives();
    const alice = person(p);
    const where = address(p);
    const { bundle, entry } = joining(p, alice);
    const plain = encodeCbor({ join: { ...entry }, bundle });
    fuzzDecoder(plain, (inside) => {
      const body = sealForDevice(p, where, recipient(alice), inside);
      return openJoin(p, { address: where, body, device: firstDevice(alice), account: alice.account.publicKey });
    });
  });
});
