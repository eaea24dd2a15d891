// Whether the other one is who I think: safety numbers compared by eye and by camera, and what a verified contact's restored account does.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DeviceList, newDevice } from "@sotto/protocol";
import { acceptContactList } from "../../src/engine/device-lists.ts";
import { acceptSyncedContact } from "../../src/engine/synced-contacts.ts";
import { verifyContact } from "../../src/engine/contact-changes.ts";
import { contactContents } from "../../src/engine/notices.ts";
import { trustIn } from "../../src/engine/trust.ts";
import type { ContactRecord } from "../../src/records/contact-record.ts";
import { BareAccount, p, Stranger } from "../support/bare-account.ts";
import { meet, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

const contactOf = (person: Person, name: string) =>
  person.client.contacts.list.get().find((one) => one.name === name) as never as NonNullable<ReturnType<typeof onlyChat>["contact"]>;

describe("a safety number", { timeout: 60_000 }, () => {
  test("that a camera reads marks the other side verified, on all my devices", async () => {
    const { alice, bob } = await world.pair();
    const laptop = await world.device(alice);
    await settle(alice, laptop, bob, laptop, alice);
    const { digits, qr } = await contactOf(bob, "Alice").safetyNumber();
    expect((await contactOf(alice, "Bob").safetyNumber()).digits).toBe(digits);
    expect(await contactOf(alice, "Bob").verifyScan(qr.text)).toBe("match");
    await settle(alice, laptop);
    expect([contactOf(alice, "Bob").trust, contactOf(laptop, "Bob").trust, contactOf(bob, "Alice").trust]).toEqual([
      "verified",
      "verified",
      "unverified",
    ]);
  });

  test("of somebody else, or no number at all, is told and changes nothing", async () => {
    const { alice, bob } = await world.pair();
    const carol = await world.person("Carol");
    await meet(alice, carol);
    const bobs = contactOf(alice, "Bob");
    expect(await bobs.verifyScan((await contactOf(carol, "Alice").safetyNumber()).qr.text)).toBe("other-contact");
    expect(await bobs.verifyScan((await bobs.safetyNumber()).qr.text)).toBe("other-contact");
    await meet(bob, carol);
    expect(await bobs.verifyScan((await contactOf(bob, "Carol").safetyNumber()).qr.text)).toBe("mismatch");
    for (const text of ["", "https://example.com", "SOTTO"]) expect(await bobs.verifyScan(text)).toBe("not-a-safety-code");
    expect(bobs.trust).toBe("unverified");
  });
});

describe("a contact whose account is restored from its words", { timeout: 60_000 }, () => {
  test("after it was verified is not written to until the person decides, on any device", async () => {
    const { alice, bob } = await world.pair();
    const laptop = await world.device(alice);
    await settle(alice, laptop, bob, laptop, alice);
    await contactOf(alice, "Bob").setVerified(true);
    await settle(alice, laptop);
    await bob.client.address.publish();
    const restored = await world.restored((await bob.client.recovery.reveal()).words);
    await settle(restored, bob, restored, alice, laptop);
    for (const person of [alice, laptop]) {
      expect(onlyChat(person).state.get().trust).toBe("changed-after-verified");
      await expect(onlyChat(person).send("is it you?")).rejects.toMatchObject({ code: "identity/changed" });
    }
    await onlyChat(restored).send("my new phone");
    await settle(restored, alice, laptop);
    expect(await texts(onlyChat(alice))).toEqual(["my new phone"]);
    await contactOf(laptop, "Bob").setVerified(true);
    await settle(laptop, alice);
    for (const person of [alice, laptop]) expect(onlyChat(person).state.get().trust).toBe("verified");
    await onlyChat(alice).send("I called you, so it is");
    await settle(alice, restored, laptop);
    expect(await texts(onlyChat(restored))).toEqual(await texts(onlyChat(alice)));
  });

  test("without having been verified is noted, and written to", async () => {
    const { alice, bob } = await world.pair();
    const seen: object[] = [];
    alice.client.on("devices-changed", ({ forked, restored }) => seen.push({ forked, restored }));
    await bob.client.address.publish();
    const restored = await world.restored((await bob.client.recovery.reveal()).words);
    await settle(restored, bob, restored, alice);
    expect(seen).toEqual([{ forked: false, restored: true }]);
    expect(onlyChat(alice).state.get().trust).toBe("changed");
    await onlyChat(alice).send("hello all the same");
    await contactOf(alice, "Bob").setVerified(false);
    expect(onlyChat(alice).state.get().trust).toBe("unverified");
  });
});

describe("an alarm", () => {
  const bob = new Stranger();
  const list = bob.list(5);
  const known = async (): Promise<BareAccount> => {
    const me = await BareAccount.open();
    await me.change((tx) => tx.contacts.put(bob.contact(list)));
    return me;
  };
  const record = (me: BareAccount): ContactRecord => me.state.contacts.get(bob.id) as ContactRecord;
  const hear = async (me: BareAccount, next: DeviceList): Promise<string> => {
    await me.change(async (tx) => void (await acceptContactList(tx, tx.contacts.get(bob.id) as ContactRecord, next)));
    return trustIn(record(me));
  };
  const tell = async (from: BareAccount, to: BareAccount): Promise<string> => {
    const contents = await from.change((tx) => contactContents(tx, tx.contacts.get(bob.id) as ContactRecord));
    for (const content of contents)
      if (content.type === "contact") await to.change(async (tx) => await acceptSyncedContact(tx, content.body));
    return trustIn(record(to));
  };

  test("is not raised by devices that come and go, nor by lists that were missed", async () => {
    const me = await known();
    await me.change((tx) => verifyContact(tx, bob.id, true));
    expect(await hear(me, bob.list(6, [newDevice(p, 4)]))).toBe("verified");
    expect(await hear(me, bob.list(100, bob.devices))).toBe("verified");
  });

  test("is raised by two lists of one version, whichever of them holds", async () => {
    for (const devices of [[newDevice(p, 2)], [newDevice(p, 3)], [newDevice(p, 4)]]) {
      const me = await known();
      await me.change((tx) => verifyContact(tx, bob.id, true));
      expect(await hear(me, bob.list(5, devices))).toBe("changed-after-verified");
      await me.change((tx) => verifyContact(tx, bob.id, true));
      expect(trustIn(record(me))).toBe("verified");
    }
  });

  test("ends on a device that hears of it only after the person has decided on another one, and in no other order", async () => {
    const [phone, laptop] = [await known(), await known()];
    await phone.change((tx) => verifyContact(tx, bob.id, true));
    expect(await tell(phone, laptop)).toBe("verified");
    const restored = bob.list(1_005);
    expect(await hear(phone, restored)).toBe("changed-after-verified");
    await phone.change((tx) => verifyContact(tx, bob.id, false));
    await tell(phone, laptop);
    expect(await hear(laptop, restored)).toBe("unverified");
    // What was said before the alarm does not end it.
    const tablet = await known();
    await laptop.change((tx) => verifyContact(tx, bob.id, true));
    expect(await hear(tablet, bob.list(3_000))).toBe("changed");
    expect(await tell(laptop, tablet)).toBe("changed-after-verified");
  });
});
