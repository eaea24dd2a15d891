// No one-time prekey is given to two people, whichever relay hands them out (spec/05 M-6, spec/10 E-28).

import { expect, test } from "vitest";
import { decodeOneTimePrekeys } from "@sotto/protocol";
import { ownBundle } from "../../src/engine/own-prekeys.ts";
import { chooseRelays } from "../../src/engine/relay-moves.ts";
import { BareAccount } from "../support/bare-account.ts";

test("a new home hands out others than the one before, and both kinds open what was made with them", async () => {
  const me = await BareAccount.open();
  const listed = (list: Uint8Array): readonly number[] => decodeOneTimePrekeys(list).map(({ id }) => id);
  const before = await me.change((tx) => ownBundle(tx));
  await me.change((tx) => chooseRelays(tx, [{ address: "http://new.test", begin: { board: new Uint8Array(16), cursor: 1 } }]));
  const after = await me.change((tx) => ownBundle(tx));
  expect(listed(after.oneTime)).toHaveLength(listed(before.oneTime).length);
  expect(listed(after.oneTime).filter((id) => listed(before.oneTime).includes(id))).toEqual([]);
  expect(after.bundle.issued).toBeGreaterThan(before.bundle.issued);
  for (const id of [...listed(before.oneTime), ...listed(after.oneTime)]) expect(after.own.oneTime.has(id)).toBe(true);
  await me.state.store.close();
});
