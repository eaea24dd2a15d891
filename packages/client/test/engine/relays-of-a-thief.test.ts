// What a device said of relays before it was removed, with a time to come, does not keep anybody there (spec/05 M-13, spec/10 E-32).

import { afterEach, beforeEach, expect, test } from "vitest";
import { type Card, newDevice, Secret, signDeviceEntry } from "@sotto/protocol";
import type { DeviceId } from "../../src/api.ts";
import { reachedBy } from "../../src/engine/cards.ts";
import { signNextList } from "../../src/engine/own-list.ts";
import { acceptRelays, chooseRelays } from "../../src/engine/relay-moves.ts";
import { toldRelays } from "../../src/engine/own-relays.ts";
import { removeDevice } from "../../src/engine/removal.ts";
import { BareAccount, NOW, p, Stranger } from "../support/bare-account.ts";

const THIEFS = "http://thief.test";
const HOME = "http://home.test";
const LATEST = Number.MAX_SAFE_INTEGER;
const begin = { board: new Uint8Array(16), cursor: 1 };

let me: BareAccount;
beforeEach(async () => void (me = await BareAccount.open()));
afterEach(async () => await me.state.store.close());

test("a contact's relays can be changed again after one of its devices named a time to come", async () => {
  const friend = new Stranger();
  const card = (relay: string, chosen: number): Card => {
    return { list: friend.list(1), bundles: [], relays: [relay], chosen, requestKey: new Secret(new Uint8Array(32)), name: "" };
  };
  const seconds = NOW / 1000;
  const stolen = reachedBy({ now: NOW }, friend.contact(), card(THIEFS, LATEST));
  expect(stolen.relays).toEqual([THIEFS]);
  const minutesLater = { now: NOW + 120_000 };
  // As a removal tells them: as late as is believed.
  const back = reachedBy(minutesLater, { ...friend.contact(), ...stolen }, card(HOME, seconds + 120 + 3_600));
  expect(back.relays).toEqual([HOME]);
  // An earlier choice still does not hold.
  expect(reachedBy(minutesLater, { ...friend.contact(), ...back }, card(THIEFS, seconds)).relays).toEqual([HOME]);
});

test("my own can be, and a removal puts them above whatever the removed device can have said", async () => {
  const other = newDevice(p, 2);
  await me.change(async (tx) => {
    const entries = [...tx.self.list.entries, signDeviceEntry(p, other, tx.self.list.account, NOW)];
    await signNextList(tx, tx.self.phrase as Uint8Array, entries);
    acceptRelays(tx, { chosen: LATEST, places: [{ address: THIEFS, ...begin }] });
    expect(toldRelays(tx.self)).toEqual([THIEFS]);
  });
  await me.change((tx) => chooseRelays(tx, [{ address: HOME, begin }]));
  expect(toldRelays(me.state.self)).toEqual([HOME]);
  me.now += 1_000;
  await me.change(async (tx) => await removeDevice(tx, "2" as DeviceId, null));
  expect(me.state.self.relaysChosen).toBeGreaterThanOrEqual(me.now / 1000 + 3_600);
  expect(me.state.self.relaysChosen).toBeLessThan(me.now / 1000 + 3_700);
});
