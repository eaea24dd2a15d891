// An account by the command line: made, sealed, shown, restored, and refused with the right exit code.
import { chmodSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sotto, sottoJson } from "./support/sotto.ts";
import { SottoProcess } from "./support/sotto-process.ts";
import { World } from "./support/world.ts";

// Every command is a process, some tests run twenty of them, and all tests share two cores.
vi.setConfig({ testTimeout: 90_000 });

let world: World;
beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world[Symbol.asyncDispose]());

const init = (name: string, ...more: string[]): Promise<Record<string, unknown>> =>
  sottoJson(["init", ...world.person(name), "--relay", world.relay.url, "--name", name, ...more]);

describe("an account", () => {
  it("is made in a folder that only its owner can read", async () => {
    const made = await init("alice");
    expect(made).toMatchObject({ id: expect.stringMatching(/^sotto1/), name: "alice", dir: world.path("alice") });
    expect(statSync(world.path("alice")).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(world.path("alice"))) expect(statSync(join(world.path("alice"), name)).mode & 0o077, name).toBe(0);
    const again = await sotto(["init", ...world.person("alice"), "--relay", world.relay.url, "--name", "x"]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining(`${world.path("alice")} already`) });
  });

  it("comes back with its history from a backup, in a file or at the relay", async () => {
    await init("alice");
    await init("bob");
    const { url } = await sottoJson<{ url: string }>(["invite", ...world.person("alice")]);
    await sottoJson(["accept", url, ...world.person("bob")]);
    await sottoJson(["send", "alice", "hello", ...world.person("bob")]);
    await sottoJson(["read", ...world.person("alice")]);
    const { words } = await sottoJson<{ words: string[] }>(["recovery", "show", ...world.person("alice")]);
    const [file, paper] = [world.path("backup"), world.path("words")];
    writeFileSync(paper, words.join(" "), { mode: 0o600 });
    expect(await sottoJson(["backup", "export", file, ...world.person("alice")])).toMatchObject({ bytes: 263_783 });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await sotto(["backup", "export", file, ...world.person("alice")])).toMatchObject({
      stderr: expect.stringContaining("there already"),
    });
    expect(await sottoJson(["backup", "now", ...world.person("alice")])).toMatchObject({ bytes: 263_783 });
    expect(await sottoJson(["backup", "schedule", "7d", ...world.person("alice")])).toEqual({ every: "7d" });
    expect(await sottoJson(["backup", ...world.person("alice")])).toMatchObject({ everyDays: 7, bytes: 263_783, error: null });

    for (const backup of [file, "relay"]) {
      const where = world.person(`again from ${backup === "relay" ? "the relay" : "a file"}`);
      const flags = ["--relay", world.relay.url, "--words-file", paper, "--backup", backup];
      expect(await sottoJson(["restore", ...where, ...flags])).toMatchObject({ name: "alice" });
      expect(await sottoJson(["chats", ...where])).toMatchObject({ chats: [{ name: "bob", lastMessage: { text: "hello" } }] });
      expect(await sottoJson(["backup", "import", file, ...where])).toEqual({ messages: 0 });
    }
    const missing = await sotto(["backup", "import", `${file}-elsewhere`, ...world.person("alice")]);
    expect(missing).toMatchObject({ code: 1, stderr: `sotto: ${file}-elsewhere is not there. Check the path.\n` });
    const wrong = await sotto(["backup", "import", paper, ...world.person("alice"), "--json"]);
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: "backup/damaged" } });
    expect(await sotto(["backup", "schedule", "1h", ...world.person("alice")])).toMatchObject({ code: 2 });
  });

  it("comes back from its 24 words, which are shown only on request and confirmed by asking some", async () => {
    const { id } = await init("alice");
    expect(await sottoJson(["recovery", ...world.person("alice")])).toEqual({ status: "unseen", questions: [] });
    const { words } = await sottoJson<{ words: string[] }>(["recovery", "show", ...world.person("alice")]);
    expect(words).toHaveLength(24);

    const asked = new SottoProcess(["recovery", "confirm", "--json", ...world.person("alice")]);
    for (let at = 0, seen = 0; asked.stdout.includes("done") === false && at < 24; at++) {
      const pattern = new RegExp(`(?:"position":\\d+[^]*?){${seen}}"position":(\\d+)|"event":"done"`);
      const [, position] = await asked.printed(pattern);
      if (position === undefined) break;
      seen++;
      asked.type(words[Number(position) - 1] ?? "");
    }
    expect(await asked.ended).toMatchObject({ code: 0 });

    const file = world.path("words");
    writeFileSync(file, `${words.join(" ")}\n`, { mode: 0o600 });
    const restored = await sottoJson([
      "restore",
      ...world.person("new"),
      "--relay",
      world.relay.url,
      "--name",
      "Alice",
      "--words-file",
      file,
    ]);
    expect(restored["id"]).toBe(id);
    expect(await sottoJson<{ devices: unknown[] }>(["devices", ...world.person("new")])).toMatchObject({ devices: expect.any(Array) });
  });

  it("names the wrong word, and reads no words that others can read", async () => {
    const file = world.path("words");
    writeFileSync(file, Array.from({ length: 24 }, () => "abandom").join(" "), { mode: 0o600 });
    const restore = ["restore", ...world.person("new"), "--relay", world.relay.url, "--name", "Alice", "--words-file", file];
    const { code, stderr } = await sotto([...restore, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "phrase/bad-word", details: { position: 1, suggestions: expect.arrayContaining(["abandon"]) } },
    });
    chmodSync(file, 0o644);
    expect((await sotto(restore)).stderr).toContain("chmod 600");
  });

  it("can be sealed with a passphrase, from a file or a descriptor, and stays shut without it", async () => {
    const [right, wrong] = [world.path("right"), world.path("wrong")];
    writeFileSync(right, "correct horse\n", { mode: 0o600 });
    writeFileSync(wrong, "battery staple\n", { mode: 0o600 });
    await init("alice", "--passphrase-file", right);
    const devices = ["devices", ...world.person("alice")];
    await sottoJson([...devices, "--passphrase-file", right]);
    const byDescriptor = new SottoProcess([...devices, "--passphrase-fd", "0"]);
    byDescriptor.endInput("correct horse\n");
    expect(await byDescriptor.ended).toMatchObject({ code: 0 });
    expect(await sotto([...devices, "--passphrase-file", wrong])).toMatchObject({ code: 4 });
    expect(await sotto(devices)).toMatchObject({ code: 2, stderr: expect.stringContaining("Passphrase") });
  });
});

describe("exit codes and errors", () => {
  it.each([
    ["usage", 2, ["send"]],
    ["usage", 2, ["frobnicate"]],
    ["usage", 2, ["invite", "--uses", "0"]],
    ["usage", 2, ["init", "--name", "x", "--relay", "ftp://example.org"]],
    ["account/not-found", 6, ["chats", "--relay", "http://127.0.0.1:9"]],
  ])("%s ends with %i", async (code, exit, words) => {
    const ended = await sotto([...words, ...world.person("nobody"), "--json"]);
    expect(ended).toMatchObject({ code: exit, stdout: "" });
    expect(JSON.parse(ended.stderr)).toMatchObject({ error: { code, exit, message: expect.any(String), retryable: false } });
  });

  it("ends with 3 without a network, and 6 for somebody unknown", async () => {
    await init("alice");
    const alice = world.person("alice");
    expect(await sotto(["send", "nobody", "hi", ...alice])).toMatchObject({ code: 6 });
    const refused = await sotto(["accept", "https://example.org/#/i/AAAA", ...alice]);
    expect(refused).toMatchObject({ code: 1, stderr: "sotto: This invite cannot be used: it is incomplete: copy the whole link.\n" });
    await world.stopRelay();
    expect(await sotto(["read", ...alice])).toMatchObject({ code: 3 });
    expect(await sotto(["chats", ...alice])).toMatchObject({ code: 0, stderr: expect.stringContaining("does not answer") });
  });

  it("does not pretend that an account could be moved to another relay", async () => {
    await init("alice");
    const same = `${world.relay.url.replace("http", "ws")}/`;
    expect(await sotto(["read", ...world.person("alice"), "--relay", same])).toMatchObject({ code: 0 });
    const ended = await sotto(["read", ...world.person("alice"), "--relay", "https://other.example"]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("stays there") });
  });

  it("goes on with its second relay, and moves to others when it is told to", async () => {
    await using second = await World.start();
    const alice = world.person("alice");
    const both = `${world.relay.url},${second.relay.url}`;
    expect(await sottoJson(["init", ...alice, "--relay", both, "--name", "alice"])).toMatchObject({ relays: both.split(",") });
    await world.stopRelay();
    expect(await sotto(["read", ...alice])).toMatchObject({ code: 0 });
    const { relays: left } = await sottoJson<{ relays: { url: string; home: boolean; leaving?: string }[] }>([
      "relays",
      second.relay.url,
      ...alice,
    ]);
    expect(left.map(({ url, home, leaving }) => [url, home, leaving === undefined])).toEqual([[`${second.relay.url}/`, true, true]]);
    expect(await sotto(["relays", "nonsense", ...alice])).toMatchObject({ code: 2 });
    expect(await sotto(["read", ...alice, "--relay", both])).toMatchObject({ code: 2, stderr: expect.stringContaining("stays there") });
    // As when another of the account's devices has chosen: the folder's word is older than the account's.
    writeFileSync(join(world.path("alice"), "settings.json"), '{"relay":"https://long-left.example"}');
    expect(await sotto(["read", ...alice, "--relay", second.relay.url])).toMatchObject({ code: 0 });
  });

  it("names the way on for a beginner: which folder is meant, how to make an account, a relay on this computer", async () => {
    const ended = await sotto(["chats", ...world.person("nobody")]);
    expect(ended).toMatchObject({ code: 6, stderr: expect.stringContaining(`no account in ${world.path("nobody")}`) });
    expect(ended.stderr).toContain("sotto init");
    expect(await sotto(["init", ...world.person("nobody"), "--name", "x"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--relay http://localhost:8787"),
    });
  });

  it("makes no folder by asking for an account that is not there", async () => {
    await sotto(["chats", ...world.person("nobody"), "--relay", world.relay.url]);
    expect(() => statSync(world.path("nobody"))).toThrow("ENOENT");
  });
});

describe("the program", () => {
  it("says its version and helps, as text and JSON", async () => {
    expect(await new SottoProcess(["--version"]).ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^sotto \d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect(await new SottoProcess(["no-such-command"]).ended).toMatchObject({ code: 2, stdout: "" });
    expect(await sottoJson(["--version"])).toMatchObject({ version: expect.any(String) });
    expect(await sotto([])).toMatchObject({ code: 0, stdout: expect.stringContaining("Commands") });
    expect(await sotto(["help", "pair", "send"])).toMatchObject({ code: 0, stdout: expect.stringContaining("--secret-file") });
    expect(await sotto(["send", "-h"])).toMatchObject({ code: 0, stdout: expect.stringContaining("--no-wait") });
  });

  it("hands over to the installed Node when an older one starts it", async () => {
    const older = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.1.0"})`;
    const started = new SottoProcess(["--version"], { node: ["--import", older] });
    expect(await started.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sotto /) });
    const again = new SottoProcess(["--version"], { node: ["--import", older], env: { SOTTO_HANDED_OVER: "1" } });
    expect(await again.ended).toMatchObject({ code: 1, stderr: expect.stringContaining("Node 24") });
  });
});
