import { describe, expect, test } from "vitest";
import { firstDevice, NOW, type Person, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { encodeCbor } from "../cbor.ts";
import { type DeviceEntry, newDevice, signDeviceEntry } from "../identity/device.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { type CellAddress, cellAddress } from "../stream/cell.ts";
import { openJoin, sealJoin } from "./join.ts";
import { sealForDevice, type SealedRecipient } from "./sealed.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const address = (p: Primitives): CellAddress => cellAddress(p, new Secret(p.randomBytes(32)), 0);
const recipient = ({ account, list }: Person): SealedRecipient => ({ account: account.publicKey, device: list.entries[0] as DeviceEntry });

function joining(p: Primitives, { account }: Person, id = 2): DeviceEntry {
  return signDeviceEntry(p, newDevice(p, id), account.publicKey, NOW);
}

describe("a join", () => {
  test("brings the new device's entry to the device that handed the account over", () => {
    const p = testPrimitives();
    const alice = person(p);
    const [where, entry] = [address(p), joining(p, alice)];
    const body = sealJoin(p, where, recipient(alice), entry);
    expect(openJoin(p, { address: where, body, device: firstDevice(alice), account: alice.account.publicKey })).toEqual(entry);
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
    const body = sealJoin(p, where, recipient(alice), { ...joining(p, alice), id: 3 });
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

  test("damaged inside its seal fails with the typed error, whatever the damage", () => {
    const p = testPrimitives();
    const alice = person(p);
    const where = address(p);
    const plain = encodeCbor({ join: { ...joining(p, alice) } });
    fuzzDecoder(plain, (inside) => {
      const body = sealForDevice(p, where, recipient(alice), inside);
      return openJoin(p, { address: where, body, device: firstDevice(alice), account: alice.account.publicKey });
    });
  });
});
