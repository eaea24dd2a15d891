// Single steps of the engine at their bounds: what fits, what is refused, what a device that is not listed may do.

import { beforeEach, describe, expect, test } from "vitest";
import { encodeContents, MAX_SIGNAL_PLAINTEXT, maxHelloLength, newDevice, signDeviceEntry } from "@sotto/protocol";
import type { ContactId, ConversationId } from "../../src/api.ts";
import { openConversation } from "../../src/engine/conversations.ts";
import { acceptOwnList } from "../../src/engine/device-lists.ts";
import { introduceToContact } from "../../src/engine/joining.ts";
import { sendText } from "../../src/engine/messages.ts";
import { contactContents, helloPlaintext, passOn, sendCard, tell } from "../../src/engine/notices.ts";
import { signNextList } from "../../src/engine/own-list.ts";
import { receivePlaintext } from "../../src/engine/received-contents.ts";
import { fitSessions, sessionsWith } from "../../src/engine/sessions.ts";
import { BareAccount, NOW, p, Stranger } from "../support/bare-account.ts";

let me: BareAccount;
let bob: Stranger;
beforeEach(async () => {
  [me, bob] = [await BareAccount.open(), new Stranger()];
});

async function know(): Promise<void> {
  await me.change(async (tx) => {
    tx.contacts.put(bob.contact());
    openConversation(tx, bob.id);
    await fitSessions(tx, bob.id, bob.list(1));
  });
}

/** One more device of mine. */
async function addOwnDevice(): Promise<void> {
  await me.change(async (tx) => {
    const entry = signDeviceEntry(p, newDevice(p, 2), tx.self.list.account, NOW);
    await signNextList(tx, tx.self.phrase as Uint8Array, [...tx.self.list.entries, entry]);
  });
}

describe("with as many devices as there may be", () => {
  test("a contact fits a cell to my other devices, and so do card and hello", async () => {
    for (let id = 2; id <= 16; id++) bob.devices.push(newDevice(p, id));
    const list = bob.list(1);
    const relays = [`https://${"relay.".repeat(40)}example`];
    const contact = bob.contact(list, { bundles: bob.bundles(), relays, name: "Ä".repeat(64), alias: "Ü".repeat(64) });
    await me.change(async (tx) => {
      tx.contacts.put(contact);
      await fitSessions(tx, bob.id, list);
      for (const content of contactContents(tx, contact)) {
        expect(encodeContents([content]).length).toBeLessThanOrEqual(MAX_SIGNAL_PLAINTEXT);
      }
      expect(helloPlaintext(tx, contact, { knowsAll: true }).length).toBeLessThanOrEqual(maxHelloLength(tx.self.list));
      introduceToContact(tx, contact);
      sendCard(tx, contact);
    });
    expect(me.state.outbox.size).toBe(2 * 16);
  });
});

describe("what a contact sends to this device only", () => {
  test("is passed on, and what does not fit a copy stays without harm", async () => {
    await know();
    await addOwnDevice();
    const huge = {
      type: "unknown",
      id: p.randomBytes(16),
      sent: NOW,
      name: "film",
      body: new Map([["frames", new Uint8Array(3_900)]]),
    } as const;
    await me.change((tx) => passOn(tx, bob.contact(), [huge]));
    expect(me.state.outbox.size).toBe(0);
    const session = [...me.state.sessions.values()].find(({ account }) => account === bob.id);
    await me.change(async (tx) => await receivePlaintext(tx, session as never, encodeContents([huge])));
    expect(me.commits.at(-1)?.added.map(({ body }) => body.type)).toEqual(["unreadable"]);
  });

  test("twice is shown once", async () => {
    await know();
    const text = encodeContents([{ type: "text", id: p.randomBytes(16), sent: NOW, body: { text: "hi" } }]);
    for (const count of [1, 0]) {
      await me.change(async (tx) => {
        const [session] = sessionsWith(tx, bob.id);
        if (session !== undefined) await receivePlaintext(tx, session, text);
      });
      expect(me.commits.at(-1)?.added).toHaveLength(count);
    }
  });

  test("with the highest number there is takes no place from what comes later", async () => {
    await know();
    const hostile = {
      type: "text",
      id: p.randomBytes(16),
      sent: 1,
      order: Number.MAX_SAFE_INTEGER,
      body: { text: "first and last" },
    } as const;
    await me.change(async (tx) => {
      const [session] = sessionsWith(tx, bob.id);
      if (session !== undefined) await receivePlaintext(tx, session, encodeContents([hostile]));
      sendText(tx, bob.id as string as ConversationId, "after all");
    });
    const mine = me.commits.at(-1)?.added.at(-1);
    expect(mine).toMatchObject({ order: Number.MAX_SAFE_INTEGER, body: { text: "after all" } });
    expect(me.state.conversations.get(bob.id)?.last?.place).toBe(mine?.place);
  });

  test("that is no content at all is shown as unreadable", async () => {
    await know();
    await me.change(async (tx) => {
      const [session] = sessionsWith(tx, bob.id);
      if (session !== undefined) await receivePlaintext(tx, session, new Uint8Array([1, 2, 3]));
    });
    expect(me.commits.at(-1)?.added.map(({ body }) => body.type)).toEqual(["unreadable"]);
  });
});

describe("writing", () => {
  test("to nobody, or before an answer of mine, is refused", async () => {
    await expect(me.change((tx) => sendText(tx, bob.id as string as ConversationId, "hi"))).rejects.toMatchObject({
      code: "argument/invalid",
    });
    await me.change((tx) => tx.contacts.put(bob.contact(bob.list(1), { phase: "request" })));
    await expect(me.change((tx) => sendText(tx, bob.id as string as ConversationId, "hi"))).rejects.toMatchObject({
      code: "argument/invalid",
    });
    expect(me.state.messages.next).toBe(0);
  });

  test("to somebody of whom no device can be reached is refused, not lost", async () => {
    await me.change((tx) => tx.contacts.put(bob.contact()));
    await expect(me.change((tx) => sendText(tx, bob.id as string as ConversationId, "hi"))).rejects.toMatchObject({
      code: "identity/not-listed",
    });
  });

  test("on a device that was removed is refused, and it tells nobody anything", async () => {
    await know();
    const entry = signDeviceEntry(p, newDevice(p, 9), me.state.self.list.account, NOW);
    await me.change(async (tx) => await signNextList(tx, tx.self.phrase as Uint8Array, [entry]));
    expect(me.state.self.removed).toBe(true);
    await expect(me.change((tx) => sendText(tx, bob.id as string as ConversationId, "hi"))).rejects.toMatchObject({
      code: "device/removed",
    });
    await me.change((tx) => void tell(tx, sessionsWith(tx, bob.id as ContactId), contactContents(tx, bob.contact())));
    expect(me.state.outbox.size).toBe(0);
  });

  test("with a transaction that fails changes nothing", async () => {
    await know();
    const before = [me.state.outbox.size, me.state.messages.next, me.state.sessions.get([...me.state.sessions.values()][0]?.device ?? "")];
    const failing = me.change((tx) => {
      sendText(tx, bob.id as string as ConversationId, "hi");
      throw new Error("planted");
    });
    await expect(failing).rejects.toThrow("planted");
    expect([me.state.outbox.size, me.state.messages.next, me.state.sessions.get([...me.state.sessions.values()][0]?.device ?? "")]).toEqual(
      before,
    );
  });
});

test("an own list of another version takes the place of mine only upwards", async () => {
  const first = me.state.self.list;
  await addOwnDevice();
  expect(await me.change(async (tx) => await acceptOwnList(tx, first))).toBe("kept");
  expect(me.state.self.list.version).toBe(2);
});
