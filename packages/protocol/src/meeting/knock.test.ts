import { describe, expect, test } from "vitest";
import { DAY, firstDevice, NOW, type Person, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { encodeCbor } from "../cbor.ts";
import type { DeviceEntry } from "../identity/device.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { cellAddress } from "../stream/cell.ts";
import type { Bundle } from "./bundle.ts";
import { type Knock, openKnock, sealKnock } from "./knock.ts";
import { openForDevice, sealForDevice, type SealedRecipient } from "./sealed.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const p: Primitives = testPrimitives("knock");
const [alice, bob, carol] = [person(p), person(p), person(p)];
const address = cellAddress(p, new Secret(p.randomBytes(32)), 0);
const recipient = ({ account, list }: Person): SealedRecipient => ({ account: account.publicKey, device: list.entries[0] as DeviceEntry });
const said = (by: Person = alice, bundle = by.card.bundles[0] as Bundle): Knock => ({ list: by.list, bundle });
const sealed = (knock: Knock = said()): Uint8Array => sealKnock(p, address, recipient(bob), knock);
const open = (body: Uint8Array, by: Person = bob, now = NOW): Knock =>
  openKnock(p, { address, body, device: firstDevice(by), account: by.account.publicKey }, now);

describe("a knock", () => {
  test("brings list and bundle to one device of the other side, and to no other", () => {
    expect(open(sealed())).toEqual(said());
    expect(() => open(sealed(), carol)).toThrow(code("meeting/wrong-recipient"));
  });

  test("with a bundle of another account, or one that is too old, is refused", () => {
    expect(() => open(sealed(said(alice, carol.card.bundles[0])))).toThrow(code("identity/not-listed"));
    expect(() => open(sealed(), bob, NOW + 15 * DAY)).toThrow(code("meeting/stale"));
  });

  test("of an account with 16 devices fits a cell", () => {
    const many = person(p, { count: 16 });
    expect(open(sealed(said(many))).list.entries).toHaveLength(16);
  });

  test("damaged inside its seal fails with the typed error, whatever the damage", () => {
    const inside = openForDevice(p, { address, body: sealed(), device: firstDevice(bob), account: bob.account.publicKey });
    fuzzDecoder(inside, (bytes) => open(sealForDevice(p, address, recipient(bob), bytes)), { runs: 100 });
  });

  test("damaged is refused with a typed error, and other things that come by this way are no knock", () => {
    fuzzDecoder(sealed(), (bytes) => open(bytes), { refusesAll: true, runs: 100 });
    for (const inside of [{ restart: {} }, { knock: {} }, { knock: { list: new Uint8Array(), bundle: new Uint8Array() } }, []]) {
      expect(() => open(sealForDevice(p, address, recipient(bob), encodeCbor(inside)))).toThrow(code("decode/invalid"));
    }
  });
});
