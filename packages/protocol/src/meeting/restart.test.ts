import { describe, expect, test } from "vitest";
import { DAY, firstDevice, NOW, type Person, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { type CborInput, type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import type { DeviceEntry } from "../identity/device.ts";
import { type DeviceList, signDeviceList } from "../identity/device-list.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { cellAddress } from "../stream/cell.ts";
import type { Bundle } from "./bundle.ts";
import { type OwnPrekeys, findPrekeys, privatePrekey, spendPrekeys } from "./prekeys.ts";
import { openRestart, type Restart, type RestartOffer, sealRestart } from "./restart.ts";
import { openForDevice, sealForDevice, type SealedCell, type SealedRecipient } from "./sealed.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const p: Primitives = testPrimitives("restart");
const alice = person(p, { count: 2 });
const bob = person(p);
const address = cellAddress(p, new Secret(p.randomBytes(32)), 0);
const recipient = ({ account, list }: Person): SealedRecipient => ({ account: account.publicKey, device: list.entries[0] as DeviceEntry });
const cellFor = (whom: Person, body: Uint8Array): SealedCell => ({
  address,
  body,
  device: firstDevice(whom),
  account: whom.account.publicKey,
});

const offer = (change: Partial<RestartOffer> = {}): RestartOffer => {
  const { oneTime } = privatePrekey(p, alice.prekeys[0] as OwnPrekeys);
  return { issued: NOW, bundle: alice.card.bundles[0] as Bundle, oneTime, ...change };
};
const sealed = (said: RestartOffer = offer(), device = firstDevice(alice)): Uint8Array =>
  sealRestart(p, address, recipient(bob), { device, account: alice.account.publicKey }, said);
const open = (body: Uint8Array, { list = alice.list, now = NOW }: { list?: DeviceList; now?: number } = {}): Restart =>
  openRestart(p, cellFor(bob, body), list, now);

/** The same restart with some field changed, sealed anew by somebody who saw the inside. */
const tampered = (change: { readonly [field: string]: CborInput }): Uint8Array => {
  const inside = decodeCbor(openForDevice(p, cellFor(bob, sealed())), "a restart") as ReadonlyMap<string, CborValue>;
  const fields = Object.fromEntries(inside.get("restart") as ReadonlyMap<string, CborValue>) as { [field: string]: CborInput };
  return sealForDevice(p, address, recipient(bob), encodeCbor({ restart: { ...fields, ...change } }));
};

describe("a restart", () => {
  test("brings the asking device's prekeys to one device of the other side", () => {
    const said = offer();
    expect(open(sealed(said))).toEqual({ ...said, device: alice.list.entries[0] });
  });

  test("is for that device only", () => {
    const carol = person(p);
    expect(() => openRestart(p, cellFor(carol, sealed()), alice.list, NOW)).toThrow(code("meeting/wrong-recipient"));
    // Whoever opened it cannot pass it on to somebody else.
    const inside = openForDevice(p, cellFor(bob, sealed()));
    const passedOn = sealForDevice(p, address, recipient(carol), inside);
    expect(() => openRestart(p, cellFor(carol, passedOn), alice.list, NOW)).toThrow(code("identity/bad-signature"));
  });

  test("is refused from a device that is not listed, or that signs for another", () => {
    const [first, second] = alice.list.entries as readonly [DeviceEntry, DeviceEntry];
    const without = signDeviceList(p, alice.account, { version: 2, issued: NOW, entries: [second], previous: alice.list.hash });
    expect(() => open(sealed(), { list: without })).toThrow(code("identity/not-listed"));
    const second2 = alice.devices[1];
    if (second2 === undefined) throw new Error("there are two devices");
    expect(() => open(sealed(offer(), { ...second2, id: first.id }))).toThrow(code("identity/bad-signature"));
    expect(() => open(sealed(offer(), second2))).toThrow(code("identity/not-listed"));
  });

  test.each<[string, { readonly [field: string]: CborInput }]>([
    ["time", { issued: NOW + 1 }],
    ["device", { device: 2 }],
    ["one-time prekey", { key: p.randomBytes(33) }],
    ["prekey id", { prekey: 77 }],
  ])("with another %s than the one signed is refused", (_, change) => {
    expect(() => open(tampered(change))).toThrow(code("identity/bad-signature"));
  });

  test("lasts as long as the prekeys in it", () => {
    expect(open(sealed(), { now: NOW + 14 * DAY }).issued).toBe(NOW);
    expect(() => open(sealed(), { now: NOW + 14 * DAY + 1 })).toThrow(code("meeting/stale"));
    expect(() => open(sealed(offer({ issued: NOW + DAY })))).toThrow(code("meeting/stale"));
  });

  test("damaged inside its seal fails with the typed error, whatever the damage", () => {
    const inside = openForDevice(p, cellFor(bob, sealed()));
    fuzzDecoder(inside, (bytes) => open(sealForDevice(p, address, recipient(bob), bytes)));
  });
});

test("a private prekey opens once, and is in no published list", () => {
  const held = alice.prekeys[0] as OwnPrekeys;
  const { prekeys, oneTime } = privatePrekey(p, held);
  expect(prekeys.list).toEqual(held.list);
  const generation = prekeys.generations[0]?.id as number;
  const use = { oneTimePrekeyId: oneTime.id, signedPrekeyId: generation, kyberPrekeyId: generation, baseKey: oneTime.key };
  const ours = firstDevice(alice).keys;
  expect(findPrekeys(prekeys, ours, use)?.oneTimePrekey?.publicKey).toEqual(oneTime.key);
  expect(findPrekeys(held, ours, use)).toBeUndefined();
  expect(findPrekeys(spendPrekeys(prekeys, use), ours, { ...use, baseKey: p.randomBytes(33) })).toBeUndefined();
});
