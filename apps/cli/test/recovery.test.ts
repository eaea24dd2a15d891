// A device that was copied, by the command line: sending stops with its own exit code, what waits is listed with the commands that answer it, and
// the person goes on or makes the device a new one.
import { cp } from "node:fs/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sotto, sottoJson } from "./support/sotto.ts";
import { World } from "./support/world.ts";

vi.setConfig({ testTimeout: 90_000 });

let world: World;
let alice: string[];
let bob: string[];

/** Alice and Bob know each other; somebody has a copy of Alice's folder, wrote to Bob with it, and she has written since. */
beforeEach(async () => {
  world = await World.start();
  [alice, bob] = [world.person("alice"), world.person("bob")];
  await sottoJson(["init", ...alice, "--relay", world.relay.url, "--name", "Alice"]);
  await sottoJson(["init", ...bob, "--relay", world.relay.url, "--name", "Bob"]);
  const { url } = await sottoJson<{ url: string }>(["invite", ...alice]);
  await sottoJson(["accept", url, ...bob]);
  await sottoJson(["send", "alice", "hello", ...bob]);
  await sottoJson(["read", ...alice]);
  await sottoJson(["send", "bob", "hello Bob", ...alice]);
  await cp(world.path("alice"), world.path("copy"), { recursive: true });
  for (const text of ["forged 1", "forged 2", "forged 3"]) await sottoJson(["send", "bob", text, ...world.person("copy")]);
});
afterEach(() => world[Symbol.asyncDispose]());

it("stops sending to whom a copy writes, and says what can be done", async () => {
  expect(await sotto(["recovery", "proceed", "bob", ...alice])).toMatchObject({ code: 6 });
  const stopped = await sotto(["send", "bob", "from Alice herself", "--json", ...alice]);
  expect(stopped).toMatchObject({ code: 5 });
  expect(JSON.parse(stopped.stderr)).toMatchObject({ error: { code: "session/peer-or-clone", exit: 5 } });
  expect(await sottoJson(["recovery", ...alice])).toMatchObject({
    questions: [{ kind: "clone", sign: "taken", contact: { name: "Bob" } }],
  });
  expect((await sotto(["recovery", ...alice])).stdout).toContain('sotto recovery proceed "Bob"');
  const { stderr } = await sotto(["read", "bob", ...alice]);
  expect(stderr.match(/something waits for you to decide \(see: sotto recovery\)/g)).toHaveLength(1);
  expect(await sotto(["recovery", "resend", "bob", ...alice])).toMatchObject({ code: 6 });

  expect(await sottoJson(["recovery", "proceed", "bob", ...alice])).toEqual({ proceeded: true });
  expect(await sottoJson(["recovery", ...alice])).toMatchObject({ questions: [] });
  expect(await sotto(["send", "bob", "more", ...alice])).toMatchObject({ code: 0 });
});

it("makes the device a new one", async () => {
  expect(await sotto(["send", "bob", "from Alice herself", ...alice])).toMatchObject({ code: 5 });
  const [before] = (await sottoJson<{ devices: { id: string }[] }>(["devices", ...alice])).devices;
  const { device } = await sottoJson<{ device: string }>(["recovery", "renew", ...alice]);
  expect(device).not.toBe(before?.id);
  expect(await sottoJson(["recovery", ...alice])).toMatchObject({ questions: [] });
});
