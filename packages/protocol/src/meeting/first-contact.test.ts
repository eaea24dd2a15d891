import { describe, expect, test } from "vitest";
import { NOW, type Person, firstDevice, person } from "../../test/messages/people.ts";
import { answer, begin, end, endsOf, prekeysAt } from "../../test/messages/sessions.ts";
import { accountWithDevices, fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { BOX_OVERHEAD, sealBox } from "../agreement/box.ts";
import { generateKeyPair } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { encodeCbor } from "../cbor.ts";
import type { DeviceEntry } from "../identity/device.ts";
import { MAX_REGISTRATION_ID } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { RatchetSession } from "../session/ratchet-session.ts";
import { decodePrekeyMessage, encodePrekeyMessage } from "../session/signal-message.ts";
import { type CellAddress, cellAddress, openCell, sealCell } from "../stream/cell.ts";
import { type Bundle, prekeysOf } from "./bundle.ts";
import { maxHelloLength, openFirstContact, sealFirstContact } from "./first-contact.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const entry = (one: Person, index = 0): DeviceEntry => one.list.entries[index] as DeviceEntry;
const address = (p: Primitives): CellAddress => cellAddress(p, new Secret(p.randomBytes(32)), 0);

function contact(p: Primitives, from: Person, to: Person, where: CellAddress, toIndex = 0): Uint8Array {
  const { hello } = begin(p, end(from), end(to, toIndex), ascii("hello"));
  const recipient = { account: to.account.publicKey, device: entry(to, toIndex) };
  return sealFirstContact(p, { address: where, to: recipient, from: { list: from.list, deviceId: 1 }, hello });
}

/** A person with many devices, without the bundles that a hello has no room for. */
function withDevices(p: Primitives, count: number): Person {
  const { account, devices, list } = accountWithDevices(p, count);
  return { ...person(p), account, devices, list };
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
    const waiting = RatchetSession.start(endsOf(p, end(bob), end(alice)));
    const own = { device: firstDevice(bob), prekeys: prekeysAt(end(bob)) };
    expect(answer(p, waiting, got.hello, own).plaintext).toEqual(ascii("hello"));
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
    const { hello } = begin(p, end(mallory), end(bob), ascii("I am Alice"));
    const to = { account: bob.account.publicKey, device: entry(bob) };
    const body = sealFirstContact(p, { address: where, to, from: { list: alice.list, deviceId: 1 }, hello });
    const got = openFirstContact(p, { address: where, body, device: firstDevice(bob), account: bob.account.publicKey });
    const waiting = RatchetSession.start(endsOf(p, end(bob), end(alice)));
    const own = { device: firstDevice(bob), prekeys: prekeysAt(end(bob)) };
    expect(() => answer(p, waiting, got.hello, own)).toThrow(code("identity/not-listed"));
    // Nor when it also says that it is from Alice's device: Mallory does not hold that key.
    const lying = encodePrekeyMessage({ ...decodePrekeyMessage(got.hello), identityKey: entry(alice).key });
    expect(() => answer(p, waiting, lying, own)).toThrow(code("session/invalid-message"));
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

  test.each(Array.from({ length: 16 }, (_, i) => i + 1))(
    "of %i devices fits its cell with the longest hello, and says when a longer one does not",
    (count) => {
      const p = testPrimitives();
      const bob = person(p);
      const alice = withDevices(p, count);
      // The highest ids take most bytes.
      const from = { list: alice.list, deviceId: count };
      const prekeys = { ...prekeysOf(p, bob.card.bundles[0] as Bundle, entry(bob)), signedPrekeyId: 0xffffffff, kyberPrekeyId: 0xffffffff };
      const oneTime = { oneTimePrekey: generateKeyPair(p).publicKey, oneTimePrekeyId: 0xffffffff };
      const ends = endsOf(p, end(alice, count - 1), end(bob));
      const session = RatchetSession.start({ ...ends, ours: { ...ends.ours, registrationId: MAX_REGISTRATION_ID } });
      const seal = (length: number): Uint8Array => {
        const { hello } = session.initiate(p, { ...prekeys, ...oneTime }, new Uint8Array(length), NOW);
        return sealFirstContact(p, { address: address(p), to: { account: bob.account.publicKey, device: entry(bob) }, from, hello });
      };
      const longest = maxHelloLength(alice.list);
      expect(longest).toBe(1_897 - 106 * (count - 1));
      expect(seal(longest)).toHaveLength(4096);
      // A block of the cipher more does not fit; one byte is kept for device ids above 23.
      expect(() => seal(longest + 17)).toThrow(code("message/too-large"));
    },
  );

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
