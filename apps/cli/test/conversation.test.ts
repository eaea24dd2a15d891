// Two people, two folders, a real relay. The whole story is told once by processes, the rest by calls.
import { join } from "node:path";
import { openAccount, sqliteFile } from "@sotto/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sotto, sottoJson } from "./support/sotto.ts";
import { SottoProcess } from "./support/sotto-process.ts";
import { World } from "./support/world.ts";

// Every command is a process, some tests run twenty of them, and all tests share two cores.
vi.setConfig({ testTimeout: 90_000 });

interface Messages {
  messages: { text: string; mine: boolean; sender: { name: string } }[];
}

let world: World;
let alice: string[];
let bob: string[];

beforeEach(async () => {
  world = await World.start();
  [alice, bob] = [world.person("alice"), world.person("bob")];
  await Promise.all([init(alice, "Alice"), init(bob, "Bob")]);
});
afterEach(() => world[Symbol.asyncDispose]());

const init = (who: string[], name: string): Promise<Record<string, unknown>> =>
  sottoJson(["init", ...who, "--relay", world.relay.url, "--name", name]);

/** Alice invites, Bob accepts, Alice lets him in. */
async function meet(): Promise<void> {
  const { url } = await sottoJson<{ url: string }>(["invite", ...alice]);
  const accepted = await sottoJson(["accept", "-", ...bob], `${url}\n`);
  expect(accepted).toMatchObject({ contact: { name: "Alice" }, trust: "unverified" });
  await sottoJson(["read", ...alice]);
  await sottoJson(["read", ...bob]);
}

/** What a camera reads on the screen of somebody with one contact. */
async function codeOf(person: string): Promise<string> {
  const storage = sqliteFile(join(world.path(person), "account.db"));
  await using client = await openAccount({ storage });
  const [contact] = client.contacts.list.get();
  return (await contact?.safetyNumber())?.qr.text ?? "";
}

/** One command as a process. */
async function sottoProcess(words: readonly string[], input = ""): Promise<string> {
  const started = new SottoProcess(words);
  started.endInput(input);
  const { code, stdout, stderr } = await started.ended;
  if (code !== 0) throw new Error(`sotto ${words.join(" ")} ended with ${code}: ${stderr}`);
  return stdout.trim();
}

describe("a conversation", () => {
  it("is begun by an invite and held by processes", async () => {
    const link = await sottoProcess(["invite", ...alice]);
    await sottoProcess(["accept", link, ...bob]);
    expect(await sottoProcess(["read", ...alice])).toBe("");
    await sottoProcess(["send", "Alice", "-", ...bob], "hello\nworld\n");
    expect(await sottoProcess(["read", ...alice])).toMatch(/^[\d-]+ [\d:]+ {2}Bob: hello\n {4}world$/);
    expect(await sottoProcess(["chats", ...alice])).toMatch(/^Bob\n {4}[\d-]+ [\d:]+ {2}hello world$/m);
  });

  it("is begun by who made the invite, too, with no other command in between", async () => {
    const { url } = await sottoJson<{ url: string }>(["invite", ...alice]);
    expect(await sotto(["send", "Bob", "hello", ...alice])).toMatchObject({ code: 6 });
    await sottoJson(["accept", url, ...bob]);
    expect(await sottoJson(["send", "Bob", "hello", ...alice])).toMatchObject({ status: "sent" });
    expect(await sottoJson<Messages>(["read", ...bob])).toMatchObject({ messages: [{ text: "hello" }] });
  });

  it("goes both ways, in order, and is shown as unread once", async () => {
    await meet();
    expect(await sottoJson(["send", "alice", "hello", "world", ...bob])).toMatchObject({ status: "sent" });
    await sottoJson(["send", "Alice", "-", ...bob], "two\nlines\n");
    const { messages } = await sottoJson<Messages>(["read", ...alice]);
    expect(messages.map(({ text, sender }) => [sender.name, text])).toEqual([
      ["Bob", "hello world"],
      ["Bob", "two\nlines"],
    ]);
    expect(await sottoJson(["read", ...alice])).toEqual({ messages: [] });

    await sottoJson(["send", "Bob", "back", ...alice]);
    expect((await sottoJson<Messages>(["read", "Alice", ...bob])).messages).toMatchObject([{ text: "back", mine: false }]);
    const last = await sottoJson<Messages>(["read", "Alice", "--last", "2", ...bob]);
    expect(last.messages.map(({ text }) => text)).toEqual(["two\nlines", "back"]);
    expect(await sottoJson(["chats", ...alice])).toMatchObject({
      chats: expect.arrayContaining([expect.objectContaining({ name: "Bob", unread: 0 })]),
    });
  });

  it("shows what comes while it follows, beside other commands of the account, and ends with Ctrl-C", async () => {
    await meet();
    const reading = new SottoProcess(["read", "--follow", "--json", ...alice]);
    await sottoJson(["send", "Alice", "first", ...bob]);
    await reading.printed(/"text":"first"/);
    expect(await sottoJson(["chats", ...alice])).toMatchObject({ chats: [{ name: "Bob" }] });
    await sottoJson(["send", "Bob", "an answer", ...alice]);
    expect((await sottoJson<Messages>(["read", ...bob])).messages).toMatchObject([{ text: "an answer" }]);
    await sottoJson(["send", "Alice", "second", ...bob]);
    await reading.printed(/"text":"second"/);
    reading.interrupt();
    const { code, stdout } = await reading.ended;
    expect(code).toBe(130);
    const texts = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { text: string }).text);
    expect(texts).toEqual(["first", "second"]);
    expect(await sottoJson(["read", ...alice])).toEqual({ messages: [] });
  });

  it("goes on following when the relay was away", async () => {
    await meet();
    const reading = new SottoProcess(["read", "--follow", ...alice]);
    await sottoJson(["send", "Alice", "before", ...bob]);
    await reading.printed(/Bob: before/);
    const bringBack = await world.stopRelay();
    await reading.printed(/does not answer/, "stderr");
    await bringBack();
    await sottoJson(["send", "Alice", "after", ...bob]);
    await reading.printed(/Bob: before\n.*Bob: after\n/);
    reading.interrupt();
    expect(await reading.ended).toMatchObject({ code: 130, stderr: expect.stringContaining("answers again") });
  });

  it("makes hostile text harmless on a terminal", async () => {
    await meet();
    await sottoJson(["send", "Alice", ...bob, "--", "\u001b[2Jgone\n2026-01-01 10:00  Bob: faked \u202egnp"]);
    const { stdout } = await sotto(["read", ...alice]);
    expect(stdout).toMatch(/^[\d-]+ [\d:]+ {2}Bob: gone\n {4}2026-01-01 10:00 {2}Bob: faked gnp\n$/);
  });

  it("gives both sides the same safety number, and remembers that it was compared", async () => {
    await meet();
    const [hers, his] = await Promise.all([sottoJson(["verify", "Bob", ...alice]), sottoJson(["verify", "Alice", ...bob])]);
    expect(hers["safetyNumber"]).toMatch(/^\d{60}$/);
    expect(hers["safetyNumber"]).toBe(his["safetyNumber"]);
    expect(hers["trust"]).toBe("unverified");
    expect(await sottoJson(["verify", "Bob", "--confirmed", ...alice])).toMatchObject({ trust: "verified" });
    expect(await sottoJson(["verify", "Bob", ...alice])).toMatchObject({ trust: "verified" });
  });

  it("verifies by what a camera read, and fails when that is not theirs", async () => {
    await meet();
    const scan = (text: string) => sotto(["verify", "Bob", "--scanned", text, "--json", ...alice]);
    expect(await scan("something else")).toMatchObject({ code: 1, stderr: expect.stringContaining("safety-number/other-code") });
    const [his, hers] = [await codeOf("bob"), await codeOf("alice")];
    expect(await scan(hers)).toMatchObject({ code: 1, stderr: expect.stringContaining("safety-number/other-code") });
    const between = his.slice(0, 60) + (his[60] === "A" ? "B" : "A") + his.slice(61);
    expect(await scan(between)).toMatchObject({ code: 5, stderr: expect.stringContaining("safety-number/mismatch") });
    expect(await sottoJson(["verify", "Bob", ...alice])).toMatchObject({ trust: "unverified" });
    expect(JSON.parse((await scan(his)).stdout)).toMatchObject({ trust: "verified" });
  });

  it("keeps a message that the relay did not take, and sends it later", async () => {
    await meet();
    await sottoJson(["send", "Alice", "later", "--no-wait", ...bob]);
    const bringBack = await world.stopRelay();
    const failed = await sotto(["send", "Alice", "unreachable", "--json", ...bob]);
    expect(failed.code).toBe(3);
    expect(JSON.parse(failed.stderr)).toMatchObject({ error: { code: "relay/unreachable", retryable: true } });
    await bringBack();
    await sottoJson(["read", ...bob]);
    const { messages } = await sottoJson<Messages>(["read", ...alice]);
    expect(messages.map(({ text }) => text)).toEqual(["later", "unreachable"]);
  });
});

describe("strangers", () => {
  it("are found by handle, wait for an answer, and can then be talked to", async () => {
    await sottoJson(["publish", "--handle", "alice", ...alice]);
    const found = await sottoJson(["find", "@alice", ...bob]);
    expect(found).toMatchObject({ handle: "alice", safetyNumber: expect.stringMatching(/^\d{60}$/) });
    await sottoJson(["send", "@alice", "do you know me?", ...bob]);
    const { requests } = await sottoJson<{ requests: { name: string }[] }>(["requests", ...alice]);
    expect(requests).toMatchObject([{ name: "Bob" }]);
    expect(await sottoJson(["read", ...alice])).toEqual({ messages: [] });
    await sottoJson(["requests", "accept", "Bob", ...alice]);
    expect((await sottoJson<Messages>(["read", ...alice])).messages).toMatchObject([{ text: "do you know me?" }]);
  });

  it("can be turned away", async () => {
    await sottoJson(["publish", ...alice]);
    const { id } = await sottoJson<{ id: string }>(["publish", ...alice]);
    await sottoJson(["send", id, "hello", ...bob]);
    expect(await sottoJson(["requests", "decline", "Bob", "--block", ...alice])).toMatchObject({ declined: true, blocked: true });
    expect(await sottoJson(["requests", ...alice])).toEqual({ requests: [] });
    expect((await sotto(["find", "@nobody", ...bob])).code).toBe(6);
  });
});
