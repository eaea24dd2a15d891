// Invites: who may use them, how often, until when, and who else cannot.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CELLS_PATH, encodeAppendResults } from "@sotto/wire";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { complaints, meet, onlyChat, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

const DAY_MS = 24 * 60 * 60 * 1000;

describe("an invite", { timeout: 60_000 }, () => {
  test("shows who made it, before anything is written", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    const { url } = await alice.client.invites.create({ expiresIn: "2d" });
    const preview = await bob.client.invites.preview(` ${url}\n`);
    expect(preview).toMatchObject({ kind: "direct", name: "Alice", id: alice.client.id });
    expect(preview.expires.getTime() - Date.now()).toBeGreaterThan(1.9 * DAY_MS);
    await settle(alice);
    expect([alice.client.contacts.list.get(), bob.client.contacts.list.get()]).toEqual([[], []]);
  });

  test("works while its maker is closed", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    const { url } = await alice.client.invites.create();
    await alice.client.close();
    const chat = await bob.client.invites.accept(url);
    await (
      await chat.send("are you there?")
    ).sent;
    const again = await world.reopen(alice.storage as never);
    await settle(again, bob);
    expect(await texts(onlyChat(again))).toEqual(["are you there?"]);
    expect(chat.state.get().phase).toBe("open");
  });

  test("for one goes to one, whoever comes first; the other learns that it was used", async () => {
    const [alice, bob, carol] = [await world.person("Alice"), await world.person("Bob"), await world.person("Carol")];
    const { url } = await alice.client.invites.create();
    const outcomes = await Promise.allSettled([bob, carol].map(({ client }) => client.invites.accept(url)));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const loser = outcomes[0]?.status === "rejected" ? bob : carol;
    expect((outcomes.find(({ status }) => status === "rejected") as PromiseRejectedResult).reason).toMatchObject({ code: "invite/used" });
    await settle(alice, bob, carol);
    expect(alice.client.contacts.list.get()).toHaveLength(1);
    expect([loser.client.conversations.list.get(), loser.client.contacts.list.get()]).toEqual([[], []]);
    const never = await loser.client.conversations.get(alice.client.id as never);
    await expect(never?.send("hello?")).rejects.toMatchObject({ code: "invite/used" });
  });

  test("that was lost to another while offline says so, and what was written fails", async () => {
    const [alice, bob, carol] = [await world.person("Alice"), await world.person("Bob"), await world.person("Carol")];
    const { url } = await alice.client.invites.create();
    await settle(bob);
    bob.network.intercept = (to, init) => {
      if (to.pathname !== "/v1/cells" || init.method !== "POST") return undefined;
      throw new TypeError("fetch failed");
    };
    const chat = await bob.client.invites.accept(url);
    const message = await chat.send("hi");
    await carol.client.invites.accept(url);
    bob.network.intercept = undefined;
    await expect(message.sent).rejects.toMatchObject({ code: "send/failed", cause: { code: "invite/used" } });
    expect(complaints(bob)).toContain("invite/used");
  });

  test("is not lost to a relay that says once that it was used", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    const { url } = await alice.client.invites.create();
    let lies = 1;
    bob.network.intercept = ({ pathname }) =>
      pathname === CELLS_PATH && lies-- > 0 ? new Response(encodeAppendResults(["conflict"]) as BodyInit) : undefined;
    const chat = await bob.client.invites.accept(url);
    await settle(bob, alice, bob);
    expect([lies < 0, chat.state.get().phase, complaints(bob)]).toEqual([true, "open", []]);
  });

  test("for three is used by three", async () => {
    const alice = await world.person("Alice");
    const { url } = await alice.client.invites.create({ uses: 3 });
    const guests = await Promise.all(["Bob", "Carol", "Dave", "Eve"].map((name) => world.person(name)));
    const outcomes = await Promise.allSettled(guests.map(({ client }) => client.invites.accept(url)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    await settle(alice);
    expect(alice.client.contacts.list.get()).toHaveLength(3);
    expect(alice.client.invites.list.get()).toEqual([]);
  });

  test("accepted twice by one person is one conversation", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    const { url } = await alice.client.invites.create({ uses: 2 });
    const first = await bob.client.invites.accept(url);
    expect(await bob.client.invites.accept(url)).toBe(first);
    await settle(alice, bob);
    expect(await bob.client.invites.accept(url)).toBe(first);
    expect(alice.client.invites.list.get()[0]?.usesLeft).toBe(1);
  });

  test("of somebody known, read in person, verifies them, and nothing else changes", async () => {
    const { alice, bob, aliceChat } = await world.pair();
    const { url } = await bob.client.invites.create();
    expect(aliceChat.state.get().trust).toBe("unverified");
    expect(await alice.client.invites.accept(url)).toBe(aliceChat);
    expect(aliceChat.state.get().trust).toBe("unverified");
    expect(await alice.client.invites.accept(url, { inPerson: true })).toBe(aliceChat);
    expect(aliceChat.state.get().trust).toBe("verified");
  });

  test("of a stranger who waits for an answer accepts them", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    await alice.client.address.publish();
    await (await (await bob.client.address.find(alice.client.id)).conversation()).send("do you hear me?");
    await settle(bob, alice);
    const { url } = await bob.client.invites.create();
    const chat = await alice.client.invites.accept(url);
    expect(await texts(chat)).toEqual(["do you hear me?"]);
    await settle(alice, bob);
    expect(onlyChat(bob).state.get()).toMatchObject({ phase: "open", name: "Alice" });
  });

  test("is refused with its reason: own, broken, of another account, gone, expired", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    const { url } = await alice.client.invites.create();
    const [, payload] = url.split("#/i/") as [string, string];
    const accept = async (link: string): Promise<unknown> =>
      await bob.client.invites.accept(link).catch(({ code }: { code: string }) => code);
    await expect(alice.client.invites.accept(url)).rejects.toMatchObject({ code: "invite/self" });
    expect(await accept("https://example.org/")).toBe("invite/invalid");
    expect(await accept(url.slice(0, -30))).toBe("invite/invalid");
    const bytes = Buffer.from(payload, "base64url");
    const swapped = Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) as number) ^ 1)]);
    expect(await accept(`${world.relay}/#/i/${swapped.toString("base64url")}`)).toBe("invite/invalid");
    const other = Buffer.from(bytes);
    other[bytes.length - 40] = (other[bytes.length - 40] as number) ^ 1;
    expect(await accept(`${world.relay}/#/i/${other.toString("base64url")}`)).toBe("invite/expired");
    const late = await world.person("Late", { clock: new VirtualClock(Date.now() + 8 * DAY_MS) });
    await expect(late.client.invites.preview(url)).rejects.toMatchObject({ code: "invite/expired" });
    expect(bob.client.conversations.list.get()).toEqual([]);
  });

  test("closes for its maker when it has ended and the board has been read", async () => {
    const clock = new VirtualClock(Date.now());
    const alice = await world.person("Alice", { clock });
    await alice.client.invites.create({ expiresIn: "1h" });
    await clock.advance(59 * 60_000);
    await settle(alice);
    expect(alice.client.invites.list.get()).toHaveLength(1);
    await clock.advance(2 * 60_000);
    await settle(alice);
    expect(alice.client.invites.list.get()).toEqual([]);
  });

  test("that was claimed in time counts although its maker was away", async () => {
    const clock = new VirtualClock(Date.now());
    const [alice, bob] = [await world.person("Alice", { clock }), await world.person("Bob")];
    const { url } = await alice.client.invites.create({ expiresIn: "1h" });
    alice.network.cut();
    await bob.client.invites.accept(url);
    await clock.advance(2 * 60 * 60_000);
    alice.network.heal();
    await settle(alice);
    expect(alice.client.contacts.list.get().map(({ name }) => name)).toEqual(["Bob"]);
  });

  test("claimed by somebody whose clock is far ahead: both are told that something is wrong with their cards", async () => {
    const [alice, bob] = [
      await world.person("Alice"),
      await world.person("Bob", { clock: new VirtualClock(Date.now() + 3 * 60 * 60_000) }),
    ];
    const { url } = await alice.client.invites.create();
    await bob.client.invites.accept(url);
    await settle(bob, alice);
    await settle(bob, alice);
    expect(complaints(alice)).toEqual(["identity/invalid"]);
  });

  test("is not made with bounds that nobody would accept", async () => {
    const alice = await world.person("Alice");
    for (const options of [
      { uses: 0 },
      { uses: 21 },
      { uses: 1.5 },
      { expiresIn: "15d" as const },
      { expiresIn: 0 },
      { expiresIn: "soon" as never },
    ]) {
      await expect(alice.client.invites.create(options)).rejects.toMatchObject({ code: "argument/invalid" });
    }
    expect(alice.client.invites.list.get()).toEqual([]);
  });

  test("survives a restart of its maker, QR code and all", async () => {
    const alice = await world.person("Alice");
    const invite = await alice.client.invites.create();
    await alice.client.close();
    const again = await world.reopen(alice.storage as never);
    const [kept] = again.client.invites.list.get();
    expect([kept?.url, kept?.usesLeft, kept?.qr.text]).toEqual([invite.url, 1, invite.url]);
    await meet(again, await world.person("Bob"));
  });
});
