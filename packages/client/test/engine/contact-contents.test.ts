// What own devices tell each other of a contact fits a cell, whatever the contact says of itself.

import { expect, test } from "vitest";
import { encodeContents, MAX_LIST_VERSION, MAX_SIGNAL_PLAINTEXT, newDevice } from "@sotto/protocol";
import { acceptContactList } from "../../src/engine/device-lists.ts";
import { contactContents } from "../../src/engine/notices.ts";
import { trustIn } from "../../src/engine/trust.ts";
import type { ContactRecord } from "../../src/records/contact-record.ts";
import { BareAccount, p, Stranger } from "../support/bare-account.ts";

const HIGHEST = Number.MAX_SAFE_INTEGER;
const LONGEST_NAME = "😀".repeat(64);

test("a contact with the highest numbers and the longest names fits, however full its card is", async () => {
  const account = await BareAccount.open();
  const contact = new Stranger();
  while (contact.devices.length < 5) contact.devices.push(newDevice(p, contact.devices.length + 1));
  const [list, bundles] = [contact.list(MAX_LIST_VERSION), contact.bundles()];
  const stamp = { at: HIGHEST, by: 127 };
  const told = { name: LONGEST_NAME, relaysChosen: HIGHEST, bundles, assessed: HIGHEST, alarmed: HIGHEST, verified: true };
  const decided = { alias: LONGEST_NAME, phase: "declined", changed: stamp, keyed: stamp, named: stamp } as const;
  const sizeWith = async (filling: number): Promise<number> => {
    const relays = [`http://a.test/${"a".repeat(filling)}`, `http://b.test/${"b".repeat(230)}`];
    return await account.change((tx) => {
      tx.contacts.put(contact.contact(list, { ...told, ...decided, relays }));
      const contents = contactContents(tx, tx.contacts.get(contact.id) as ContactRecord);
      return Math.max(...contents.map((content) => encodeContents([content]).length));
    });
  };
  const filling = MAX_SIGNAL_PLAINTEXT - (await sizeWith(1));
  // Beyond this the card leaves out a bundle.
  for (let more = -20; more < 5; more++) expect(await sizeWith(filling + more)).toBeLessThanOrEqual(MAX_SIGNAL_PLAINTEXT);
  await account.state.store.close();
});

test("two lists of the highest version there is raise an alarm that can be told", async () => {
  const account = await BareAccount.open();
  const contact = new Stranger();
  const lists = [contact.list(MAX_LIST_VERSION, contact.devices, 1), contact.list(MAX_LIST_VERSION, contact.devices, 2)] as const;
  await account.change((tx) => tx.contacts.put(contact.contact(lists[0])));
  await account.change(async (tx) => {
    const forked = await acceptContactList(tx, tx.contacts.get(contact.id) as ContactRecord, lists[1]);
    expect(trustIn(forked)).toBe("changed");
    expect(() => encodeContents(contactContents(tx, forked))).not.toThrow();
  });
  await account.state.store.close();
});
