// QR login and the hand-over of any secret, between processes; the code travels as text, so both sides ask for six digits.
import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sotto, sottoJson } from "./support/sotto.ts";
import { SottoProcess } from "./support/sotto-process.ts";
import { World } from "./support/world.ts";

// Every command is a process, some tests run twenty of them, and all tests share two cores.
vi.setConfig({ testTimeout: 90_000 });

const WORDS = `${"abandon ".repeat(23)}art`;

let world: World;
let secretFile: string;
beforeEach(async () => {
  world = await World.start();
  secretFile = world.path("secret");
  writeFileSync(secretFile, `${WORDS}\n`, { mode: 0o600 });
});
afterEach(() => world[Symbol.asyncDispose]());

const sending = (): SottoProcess => new SottoProcess(["pair", "send", "--json", "--relay", world.relay.url, "--secret-file", secretFile]);

/** The digits of both sides go where they belong. */
async function exchangeDigits(giving: SottoProcess, receiving: SottoProcess): Promise<void> {
  const check = await receiving.step("check-code");
  await giving.step("ask-check-code");
  giving.type("12345", "not digits", check["digits"]?.replace(/^.../, "$& ") ?? "");
  const reply = await giving.step("reply-code");
  await receiving.step("ask-reply-code");
  receiving.type(reply["digits"] ?? "");
}

describe("pair", () => {
  it("carries a 24-word phrase from one machine to another", async () => {
    const giving = sending();
    const receiving = new SottoProcess(["pair", "receive", "--json"]);
    receiving.type((await giving.step("show"))["text"] ?? "");
    await exchangeDigits(giving, receiving);
    const done = await receiving.step("done");
    expect(done["text"]).toBe(`${WORDS}\n`);
    expect(Buffer.from(done["base64"] ?? "", "base64").toString()).toBe(`${WORDS}\n`);
    expect([(await giving.ended).code, (await receiving.ended).code]).toEqual([0, 0]);
  });

  it("writes it to a new file of mode 0600, and says nothing of it on the screen", async () => {
    const giving = sending();
    const file = world.path("received");
    const receiving = new SottoProcess(["pair", "receive", "--json", "--out", file]);
    receiving.type((await giving.step("show"))["text"] ?? "");
    await exchangeDigits(giving, receiving);
    const { code, stdout, stderr } = await receiving.ended;
    expect(code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(`${WORDS}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(stdout + stderr).not.toContain("abandon");
    expect((await giving.ended).stdout).not.toContain("abandon");
  });

  it("carries bytes that are no text as they are, to a file and to standard output", async () => {
    const secret = randomBytes(64);
    secret.set([0xff, 0x00, 0x0a], 61); // Never UTF-8 by chance, and it ends with a line's end.
    writeFileSync(secretFile, secret);
    const file = world.path("received");
    const toFile = new SottoProcess(["pair", "receive", "--json", "--out", file]);
    const first = sending();
    toFile.type((await first.step("show"))["text"] ?? "");
    await exchangeDigits(first, toFile);
    expect(await toFile.ended).toMatchObject({ code: 0 });
    expect(readFileSync(file).equals(secret)).toBe(true);

    const toOutput = new SottoProcess(["pair", "receive"]);
    const second = sending();
    toOutput.type((await second.step("show"))["text"] ?? "");
    const [, digits = ""] = await toOutput.printed(/other device: +(\d{3} \d{3})/, "stderr");
    await second.step("ask-check-code");
    second.type(digits);
    toOutput.type((await second.step("reply-code"))["digits"] ?? "");
    expect(await toOutput.ended).toMatchObject({ code: 0 });
    expect(toOutput.output.equals(secret)).toBe(true);
  });

  it("says what a terminal is needed for, and speaks of no outbox when the relay is away", async () => {
    const piped = new SottoProcess(["pair", "send", "--relay", world.relay.url], { withoutTerminal: true });
    piped.endInput("secret");
    expect(await piped.ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/six digits.*terminal/) });
    const relay = world.relay.url;
    await world.stopRelay();
    const { code, stderr } = await sotto(["pair", "send", "--relay", relay, "--secret-file", secretFile]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/does not answer/);
    expect(stderr).not.toContain("outbox");
  });

  it("hands nothing over after wrong digits, and both sides say so", async () => {
    const giving = sending();
    const receiving = new SottoProcess(["pair", "receive", "--json"]);
    receiving.type((await giving.step("show"))["text"] ?? "");
    const { digits = "" } = await receiving.step("check-code");
    await giving.step("ask-check-code");
    giving.type(digits.replace(/^./, (first) => String((Number(first) + 1) % 10)));
    const [gave, received] = await Promise.all([giving.ended, receiving.ended]);
    expect([gave.code, received.code]).toEqual([1, 1]);
    expect(JSON.parse(gave.stderr)).toMatchObject({ error: { code: "device/code-mismatch" } });
    expect(received.stdout).not.toContain("abandon");
  });

  it("refuses what is no code, and a secret that would have to be an argument or an answer at the same time", async () => {
    expect(await sotto(["pair", "receive", "--json"], "NONSENSE\n")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("device/qr-invalid"),
    });
    expect(await sotto(["pair", "send", "--relay", world.relay.url, "secret"])).toMatchObject({ code: 2 });
    const piped = new SottoProcess(["pair", "send", "--json", "--relay", world.relay.url], { withoutTerminal: true });
    piped.endInput("secret");
    expect(await piped.ended).toMatchObject({ code: 2, stderr: expect.stringContaining("terminal/needed") });
  });

  it("ends at Ctrl-C while a code is shown", async () => {
    const giving = sending();
    await giving.step("show");
    giving.interrupt();
    expect((await giving.ended).code).toBe(130);
  });
});

describe("login", () => {
  it.each([
    ["the new device shows the code", []],
    ["the old device shows the code", ["--paste"]],
  ])("makes a second device that reads what is sent to the account: %s", async (_, paste) => {
    const [old, next, friend] = [world.person("old"), world.person("next"), world.person("friend")];
    await sottoJson(["init", ...old, "--relay", world.relay.url, "--name", "Alice"]);
    await sottoJson(["init", ...friend, "--relay", world.relay.url, "--name", "Friend"]);
    const { url } = await sottoJson<{ url: string }>(["invite", ...old]);
    await sottoJson(["accept", url, ...friend]);
    await sottoJson(["read", ...old]);
    await sottoJson(["read", ...friend]);

    const newShows = paste.length === 0;
    const joining = new SottoProcess(["login", "--json", ...next, "--relay", world.relay.url, "--name", "Laptop", ...paste]);
    const linking = new SottoProcess(["link", "--json", ...old, ...(newShows ? ["--paste"] : [])]);
    const [shows, takes] = newShows ? [joining, linking] : [linking, joining];
    takes.type((await shows.step("show"))["text"] ?? "");
    await exchangeDigits(linking, joining);
    expect((await linking.ended).code).toBe(0);
    expect((await joining.ended).code).toBe(0);
    expect(await sottoJson(["devices", ...next])).toMatchObject({
      devices: [expect.anything(), expect.objectContaining({ name: "Laptop", current: true })],
    });

    await sottoJson(["read", ...friend]);
    await sottoJson(["send", "Alice", "to both", ...friend]);
    for (const device of [old, next]) {
      expect(await sottoJson(["read", "--keep-unread", ...device])).toMatchObject({ messages: [{ text: "to both" }] });
    }
    // What was read on one is read on the other.
    await sottoJson(["read", ...old]);
    expect(await sottoJson(["read", ...next])).toMatchObject({ messages: [] });

    await sottoJson(["devices", "2", "--rename", "Lost laptop", ...old]);
    expect(await sottoJson(["devices", ...next])).toMatchObject({ devices: [expect.anything(), { name: "Lost laptop" }] });
    expect((await sotto(["devices", "2", ...old])).code).toBe(2);
    expect(await sottoJson(["devices", "2", "--remove", ...old])).toMatchObject({ devices: [{ current: true }] });
    expect(await sotto(["read", ...next])).toMatchObject({ stderr: expect.stringContaining("removed") });
  });
});
