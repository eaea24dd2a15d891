import { describe, expect, test } from "vitest";
import { type Person, firstDevice, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { BOX_OVERHEAD, sealBox } from "../agreement/box.ts";
import { generateKeyPair } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { encodeCbor } from "../cbor.ts";
import type { DeviceEntry } from "../identity/device.ts";
import { MAX_HELLO_LENGTH } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { openStaticHello, sealStaticHello } from "../session/static-session.ts";
import { type CellAddress, cellAddress, openCell, sealCell } from "../stream/cell.ts";
import { maxHelloLength, openFirstContact, sealFirstContact } from "./first-contact.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const entry = (one: Person, index = 0): DeviceEntry => one.list.entries[index] as DeviceEntry;
const address = (p: Primitives): CellAddress => cellAddress(p, new Secret(p.randomBytes(32)), 0);

function contact(p: Primitives, from: Person, to: Person, where: CellAddress, toIndex = 0): Uint8Array {
  const hello = sealStaticHello(p, firstDevice(from).keys, entry(to, toIndex).key, ascii("hello"));
  const recipient = { account: to.account.publicKey, device: entry(to, toIndex) };
  return sealFirstContact(p, { address: where, to: recipient, from: { list: from.list, deviceId: 1 }, hello });
}

describe("first contact", () => {
  test("tells the one device who writes, and gives it the hello", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p, { name: "Bob" })];
    const where = address(p);
    const body = contact(p, alice, bob, where);
    const got = openFirstContact(p, { address: where, body, device: firstDevice(bob), account: bob.account.publicKey });
    expect(got.list).toEqual(alice.list);
    expect(got.device).toEqual(entry(alice));
    expect(openStaticHello(p, firstDevice(bob).keys, got.device.key, got.hello)).toEqual(ascii("hello"));
  });

  test("for another device of the account is refused", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p, { count: 2 })];
    const where = address(p);
    const body = contact(p, alice, bob, where, 1);
    const open = (): unknown => openFirstContact(p, { address: where, body, device: firstDevice(bob), account: bob.account.publicKey });
    expect(open).toThrow(code("meeting/wrong-recipient"));
  });

  test("for the same key in another account, or under another id, is refused", () => {
    const p = testPrimitives();
    const [alice, bob, carol] = [person(p), person(p), person(p)];
    const where = address(p);
    const body = contact(p, alice, bob, where);
    const device = firstDevice(bob);
    const refused = code("meeting/wrong-recipient");
    expect(() => openFirstContact(p, { address: where, body, device, account: carol.account.publicKey })).toThrow(refused);
    const renamed = { ...device, id: 2 };
    expect(() => openFirstContact(p, { address: where, body, device: renamed, account: bob.account.publicKey })).toThrow(refused);
  });

  test("cannot be moved to another cell, even by who may write there", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p)];
    const [where, elsewhere] = [address(p), address(p)];
    const ephemeral = generateKeyPair(p);
    const inside = encodeCbor({ list: alice.list.bytes, device: 1, hello: ascii("x") });
    const context = concat(ascii("Sotto Sealed v1"), bob.account.publicKey, Uint8Array.of(1));
    const payload = concat(ephemeral.publicKey, sealBox(p, ephemeral, entry(bob).key, context, inside, where.tag));
    const at = (target: CellAddress) => (): unknown =>
      openFirstContact(p, {
        address: target,
        body: sealCell(p, target, "sealed", payload),
        device: firstDevice(bob),
        account: bob.account.publicKey,
      });
    expect(at(where)()).toMatchObject({ device: entry(alice) });
    expect(at(elsewhere)).toThrow(code("meeting/wrong-recipient"));
  });

  test("from a device that its account does not list is refused", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p)];
    const where = address(p);
    const to = { account: bob.account.publicKey, device: entry(bob) };
    const body = sealFirstContact(p, { address: where, to, from: { list: alice.list, deviceId: 2 }, hello: ascii("x") });
    const open = (): unknown => openFirstContact(p, { address: where, body, device: firstDevice(bob), account: bob.account.publicKey });
    expect(open).toThrow(code("identity/not-listed"));
  });

  test("with somebody else's list opens, but its hello does not: who sealed it is not who is listed", () => {
    const p = testPrimitives();
    const [alice, bob, mallory] = [person(p), person(p), person(p)];
    const where = address(p);
    const hello = sealStaticHello(p, firstDevice(mallory).keys, entry(bob).key, ascii("I am Alice"));
    const to = { account: bob.account.publicKey, device: entry(bob) };
    const body = sealFirstContact(p, { address: where, to, from: { list: alice.list, deviceId: 1 }, hello });
    const got = openFirstContact(p, { address: where, body, device: firstDevice(bob), account: bob.account.publicKey });
    expect(() => openStaticHello(p, firstDevice(bob).keys, got.device.key, got.hello)).toThrow(code("agreement/box-invalid"));
  });

  test("hides who writes: the sender's keys are nowhere in the cell, nor in what the address opens", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p)];
    const where = address(p);
    const body = contact(p, alice, bob, where);
    const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    for (const bytes of [body, openCell(p, where, body).payload]) {
      for (const key of [alice.account.publicKey, entry(alice).key]) expect(hex(bytes)).not.toContain(hex(key.subarray(1)));
    }
    // A planted positive: the list, which is inside, does hold the key.
    expect(hex(alice.list.bytes)).toContain(hex(entry(alice).key.subarray(1)));
  });

  test("another kind of cell, or too little in it, is not a first contact", () => {
    const p = testPrimitives();
    const bob = person(p);
    const where = address(p);
    const open = (body: Uint8Array) => (): unknown =>
      openFirstContact(p, { address: where, body, device: firstDevice(bob), account: bob.account.publicKey });
    expect(open(sealCell(p, where, "static", new Uint8Array(200)))).toThrow(code("cell/invalid"));
    expect(open(sealCell(p, where, "sealed", new Uint8Array(33 + BOX_OVERHEAD - 1)))).toThrow(code("cell/invalid"));
    expect(open(sealCell(p, where, "sealed", new Uint8Array(200)))).toThrow(code("agreement/invalid-key"));
  });

  test.each([1, 7, 14, 15, 16])("the longest hello fits beside a list of %i devices, and a longer one says that it does not", (count) => {
    const p = testPrimitives();
    const bob = person(p);
    const alice = person(p, { count });
    // The highest id takes a byte more than the lowest.
    const from = { list: alice.list, deviceId: count };
    const seal = (length: number): Uint8Array => {
      const hello = sealStaticHello(p, firstDevice(alice).keys, entry(bob).key, new Uint8Array(length));
      return sealFirstContact(p, { address: address(p), to: { account: bob.account.publicKey, device: entry(bob) }, from, hello });
    };
    const longest = maxHelloLength(alice.list);
    expect(longest).toBeLessThanOrEqual(MAX_HELLO_LENGTH);
    expect(longest === MAX_HELLO_LENGTH).toBe(count <= 14);
    expect(longest).toBeGreaterThan(2_000);
    expect(seal(longest)).toHaveLength(4096);
    if (count > 14) expect(() => seal(longest + 2)).toThrow(code("message/too-large"));
  });

  test("damaged inside the sealed layer never does anything but a typed error", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p), person(p)];
    const where = address(p);
    const account = bob.account.publicKey;
    const context = concat(ascii("Sotto Sealed v1"), account, Uint8Array.of(1));
    const ephemeral = generateKeyPair(p);
    fuzzDecoder(
      encodeCbor({ list: alice.list.bytes, device: 1, hello: ascii("hello") }),
      (inside) => {
        const box = sealBox(p, ephemeral, entry(bob).key, context, inside, where.tag);
        const body = sealCell(p, where, "sealed", concat(ephemeral.publicKey, box));
        openFirstContact(p, { address: where, body, device: firstDevice(bob), account });
      },
      { runs: 60 },
    );
  });
});
