// A contact's device that signs prekeys with which no session can be begun (M-1): it harms nobody but itself.

import { afterAll, beforeAll, expect, test } from "vitest";
import { newPrekeys, publishedPrekeys, sign, signBundle } from "@sotto/protocol";
import { introduceEverywhere } from "../../src/engine/joining.ts";
import { fitSessions } from "../../src/engine/sessions.ts";
import { BareAccount, NOW, p, Stranger } from "../support/bare-account.ts";

let account: BareAccount;
beforeAll(async () => void (account = await BareAccount.open()));
afterAll(async () => await account.state.store.close());

/** The bundle of a stranger's device, properly signed, in which one key is none. */
function unusableBundle({ devices: [device], account: { publicKey } }: Stranger, which: "signed" | "kyber"): Uint8Array {
  if (device === undefined) throw new Error("a stranger has a device");
  const { prekeys } = publishedPrekeys(p, device.keys, newPrekeys(p, NOW));
  const key = prekeys[which].key.slice().fill(which === "signed" ? 0 : 0xff, 1);
  const unusable = { ...prekeys, [which]: { ...prekeys[which], key, signature: sign(p, device.keys, key) } };
  return signBundle(p, device, publicKey, { issued: NOW, bits: 0, locator: new Uint8Array(8), prekeys: unusable }).bytes;
}

test.each(["signed", "kyber"] as const)(
  "with a %s prekey that is none, a new device of mine still reaches everybody else",
  async (which) => {
    const [hostile, friend] = [new Stranger(), new Stranger()];
    await account.change(async (tx) => {
      tx.contacts.put(hostile.contact(hostile.list(1), { bundles: { 1: unusableBundle(hostile, which) } }));
      tx.contacts.put(friend.contact(friend.list(1), { bundles: friend.bundles() }));
      for (const one of [hostile, friend]) await fitSessions(tx, one.id, one.list(1));
    });
    await account.change((tx) => introduceEverywhere(tx));
    const reached = [...account.state.outbox.values()].map((cell) => cell.account);
    expect([reached.includes(friend.id), reached.includes(hostile.id)]).toEqual([true, false]);
  },
);
