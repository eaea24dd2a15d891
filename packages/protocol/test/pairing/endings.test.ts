// How runs end: wrong digits, denial, time, and what a run that ended does with whatever comes later.

import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { MAX_PAIRING_PAYLOAD } from "../../src/limits.ts";
import { sealMessage } from "../../src/pairing/keys.ts";
import { startPairingScan } from "../../src/pairing/pairing.ts";
import { Secret } from "../../src/secret.ts";
import { Photograph } from "./attacker.ts";
import { type Combination, type Device, PAYLOAD, START, World, begin, combinations, nameOf } from "./world.ts";

const displayedByGiver: Combination = { displays: "give", typed: false };
const displayedByReceiver: Combination = { displays: "receive", typed: false };

/** Other digits than these. */
const wrong = (digits: string): string => String((Number(digits) + 1) % 1_000_000).padStart(6, "0");

describe.each(combinations.map((combination) => ({ ...combination, name: nameOf(combination) })))("$name", (combination) => {
  const replies = combination.displays === "receive" || combination.typed;

  test("wrong digits on the giver end both sides at once: nothing was sent, and the right ones come too late", () => {
    const world = new World("wrong");
    const { person } = world;
    world.person = (asking, code) => wrong(person(asking, code) as string);
    const { giver, receiver, qrText } = begin(world, combination);
    world.settle();
    expect(giver.failure).toBe("pairing/code-mismatch");
    expect(receiver.failure).toBe("pairing/code-mismatch");
    world.send(giver, { type: "code", digits: receiver.shown("compare") as string });
    world.send(giver, { type: "approve", payload: PAYLOAD });
    const photo = new Photograph(world.p, qrText);
    expect(photo.find(world, "M4")).toBeUndefined();
    expect(giver.shown("reply")).toBeUndefined();
    // One stop is enough: who reads it answers nothing.
    expect([photo.find(world, "stop C"), photo.find(world, "stop D")].filter((stop) => stop !== undefined)).toHaveLength(1);
  });

  test("wrong digits on the receiver end both sides, and the payload stays sealed", () => {
    const world = new World("wrong reply");
    const { person } = world;
    world.person = (asking, code) => (code === "reply" ? wrong(person(asking, code) as string) : person(asking, code));
    const { giver, receiver } = begin(world, combination);
    world.settle();
    if (!replies) return expect(receiver.all("ask-code")).toEqual([]);
    expect(receiver.failure).toBe("pairing/code-mismatch");
    expect(giver.failure).toBe("pairing/code-mismatch");
    expect(giver.all("failed")[0]?.handedOver).toBe(true);
    world.send(receiver, { type: "code", digits: giver.shown("reply") as string });
    return expect(receiver.payloads).toEqual([]);
  });

  test("no on the giver is told to the receiver, whenever it comes", () => {
    for (const phase of ["comparing", "approving"]) {
      const world = new World(`denied ${phase}`);
      if (phase === "comparing") world.person = () => undefined;
      world.approves = () => undefined;
      const { giver, receiver } = begin(world, combination);
      world.settle();
      expect(giver.state.phase).toBe(phase);
      world.send(giver, { type: "cancel" });
      world.settle();
      expect(giver.failure).toBe("pairing/cancelled");
      expect(giver.all("failed")[0]?.handedOver).toBe(false);
      expect(receiver.failure).toBe("pairing/denied");
    }
  });

  test("no on the receiver is told to the giver, even after the payload came", () => {
    const world = new World("receiver cancels");
    const { giver, receiver } = begin(world, combination);
    while (receiver.payloads.length === 0) stepOnce(world);
    world.send(receiver, { type: "cancel" });
    world.settle();
    expect(receiver.failure).toBe("pairing/cancelled");
    expect(receiver.all("failed")[0]?.handedOver).toBe(true);
    expect(giver.failure).toBe("pairing/denied");
    expect(giver.all("delivered")).toEqual([]);
  });

  test("every run ends by itself, with one word, wherever it got stuck", () => {
    for (let events = 0; events < 24; events++) {
      const world = new World("stuck");
      const { giver, receiver } = begin(world, combination);
      for (let i = 0; i < events; i++) stepOnce(world);
      for (const device of world.devices) device.pending.length = 0;
      world.relay = () => [];
      for (let waited = 0; waited < 20; waited++) {
        world.now += 60_000;
        for (const device of world.devices) world.send(device, { type: "tick" });
        for (const device of world.devices) device.pending.length = 0;
      }
      for (const device of [giver, receiver]) {
        expect(device.all("delivered").length + device.all("failed").length).toBe(1);
        expect(["done", "failed"]).toContain(device.state.phase);
      }
    }
  });

  test("a valid payload after the end changes nothing", () => {
    const world = new World("after the end");
    const { person } = world;
    world.person = (asking, code) => (code === "compare" ? undefined : person(asking, code));
    const { receiver, qrText } = begin(world, combination);
    world.settle();
    expect(receiver.state.phase).toBe("showing");
    const photo = new Photograph(world.p, qrText);
    const keys = { prk: new Secret(receiver.state.run.keys?.prk.expose().slice() as Uint8Array) };
    const cell = photo.seal("M4", sealMessage(world.p, keys, "M4", photo.addresses.M4, PAYLOAD));
    const early = receiver.step(world.p, receiver.state, { type: "cell", ...cell }, world.now);
    expect(early.state.phase).toBe(replies ? "replying" : "adopting");
    world.send(receiver, { type: "cancel" });
    const after = receiver.state;
    world.send(receiver, { type: "cell", ...cell });
    world.send(receiver, { type: "code", digits: "000000" });
    expect(receiver.state).toBe(after);
    expect(receiver.payloads).toEqual([]);
  });

  test("no state shows a secret, and at the end none is left in it", () => {
    const world = new World("secrets");
    const { giver, receiver } = begin(world, combination);
    const secrets = new Set<Secret>();
    const shown: string[] = [];
    for (let i = 0; i < 40; i++) {
      for (const { state } of world.devices) {
        for (const secret of secretsOf(state)) secrets.add(secret);
        for (const secret of secretsOf(state))
          if (revealed(inspect(state, { depth: 9, maxArrayLength: null }), secret)) shown.push(state.phase);
        expect(() => JSON.stringify(state)).toThrow("a Secret does not become JSON");
      }
      stepOnce(world);
    }
    expect(shown).toEqual([]);
    expect([giver.state.phase, receiver.state.phase]).toEqual(["done", "done"]);
    expect(secrets.size).toBeGreaterThan(30);
    for (const secret of secrets) expect(secret.expose().every((byte) => byte === 0)).toBe(true);
  });
});

describe("time", () => {
  test("a code can be taken up for 120 s by the clock of the device that shows it, not a moment longer", () => {
    for (const [waited, phase] of [
      [119_999, "answered"],
      [120_000, "failed"],
    ] as const) {
      const world = new World("take up");
      const { device, qrText } = world.display("old phone", { role: "give" });
      world.now += waited;
      const reader = world.scan("new laptop", { role: "receive", qrText });
      const event = device.pending.shift()?.();
      if (event !== undefined) world.send(device, event);
      expect(device.state.phase).toBe(phase);
      if (phase === "failed") expect(device.failure).toBe("pairing/expired");
      expect(reader.payloads).toEqual([]);
    }
  });

  test("a reader whose clock is up to ten minutes ahead is heard; an old code is refused before anything is written", () => {
    const world = new World("clocks");
    const { qrText } = world.display("old phone", { role: "give" });
    const options = { role: "receive", deviceName: "new laptop", qrText, typed: false } as const;
    expect(startPairingScan(world.p, { ...options, now: START + 120_000 + 600_000 }).state.phase).toBe("claiming");
    expect(() => startPairingScan(world.p, { ...options, now: START + 120_000 + 600_001 })).toThrow(
      expect.objectContaining({ code: "pairing/expired" }),
    );
    expect(startPairingScan(world.p, { ...options, now: START - 86_400_000 }).state.phase).toBe("claiming");
  });

  test("what comes after a phase's limit is too late, even if nobody ticked", () => {
    const world = new World("no tick");
    world.person = () => undefined;
    const { giver, receiver } = begin(world, displayedByGiver);
    world.settle();
    world.now = giver.state.expires;
    world.send(giver, { type: "code", digits: receiver.shown("compare") as string });
    expect(giver.failure).toBe("pairing/expired");
    world.settle();
    expect(receiver.failure).toBe("pairing/expired");
  });
});

describe("people's words", () => {
  test("digits that are not six cost no try; spaces and hyphens do not matter", () => {
    const world = new World("malformed");
    world.person = () => undefined;
    const { giver, receiver } = begin(world, displayedByGiver);
    world.settle();
    const digits = receiver.shown("compare") as string;
    for (const malformed of ["", digits.slice(1), `${digits}0`, "12345a", "１２３４５６"]) {
      const before = giver.state;
      expect(() => world.send(giver, { type: "code", digits: malformed })).toThrow(
        expect.objectContaining({ code: "pairing/code-malformed" }),
      );
      expect(giver.state).toBe(before);
    }
    world.send(giver, { type: "code", digits: ` ${digits.slice(0, 3)}-${digits.slice(3)}\n` });
    expect(giver.state.phase).toBe("approving");
  });

  test("out of turn they are refused and change nothing", () => {
    const world = new World("out of turn");
    world.person = () => undefined;
    const { giver, receiver } = begin(world, displayedByReceiver);
    for (const device of [giver, receiver]) {
      for (const event of [{ type: "code", digits: "123456" }, { type: "approve", payload: PAYLOAD }, { type: "adopted" }] as const) {
        const before = device.state;
        expect(() => world.send(device, event)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
        expect(device.state).toBe(before);
      }
    }
  });

  test("what is too large or nothing at all is not handed over, and can be tried again", () => {
    const world = new World("size");
    world.approves = () => undefined;
    const { giver, receiver } = begin(world, displayedByGiver);
    world.settle();
    const approve = (length: number): void => world.send(giver, { type: "approve", payload: new Uint8Array(length) });
    const details = { limit: MAX_PAIRING_PAYLOAD, size: MAX_PAIRING_PAYLOAD + 1 };
    expect(() => approve(details.size)).toThrow(expect.objectContaining({ code: "message/too-large", details }));
    expect(() => approve(0)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
    approve(MAX_PAIRING_PAYLOAD);
    world.settle();
    expect(receiver.payloads[0]).toHaveLength(MAX_PAIRING_PAYLOAD);
  });

  test("a name that could rewrite the question it stands in is refused at its own device", () => {
    const world = new World("names");
    for (const deviceName of ["", "  ", "x\ny", "\u202eevil", "x".repeat(65), "\ud800", "\u001b[2J"]) {
      expect(() => world.display("a", { role: "give", deviceName })).toThrow(expect.objectContaining({ code: "argument/invalid" }));
    }
    expect(() => world.display("a", { role: "give", deviceName: "𝔘".repeat(64) })).not.toThrow();
  });
});

test("a run that fails leaves no secret either, in none of its states", () => {
  const world = new World("spent");
  world.person = () => undefined;
  const { giver, receiver } = begin(world, displayedByReceiver);
  world.settle();
  const secrets = [giver, receiver].flatMap(({ state }) => secretsOf(state));
  expect(secrets.some((secret) => secret.expose().every((byte) => byte === 0))).toBe(false);
  world.send(giver, { type: "cancel" });
  world.settle();
  expect([giver.failure, receiver.failure]).toEqual(["pairing/cancelled", "pairing/denied"]);
  for (const secret of secrets) expect(secret.expose().every((byte) => byte === 0)).toBe(true);
});

test("a device that stops before there are keys still tells the other one", () => {
  for (const stopping of [0, 1]) {
    const world = new World(`early ${stopping}`);
    const { giver, receiver } = begin(world, displayedByGiver);
    const side = [giver, receiver][stopping] as Device;
    const other = [receiver, giver][stopping] as Device;
    while (!["answered", "claimed"].includes(side.state.phase)) stepOnce(world);
    world.send(side, { type: "cancel" });
    world.settle();
    expect(other.failure).toBe("pairing/aborted");
  }
});

/** The oldest pending event of the first device that has one. */
function stepOnce(world: World): void {
  const device = world.devices.find(({ pending }) => pending.length > 0);
  const event = device?.pending.shift()?.();
  if (device !== undefined && event !== undefined) world.send(device, event);
}

/** Every secret in a value, however deep. */
function secretsOf(value: unknown): Secret[] {
  if (value instanceof Secret) return [value];
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  if ("keys" in value && "registrationId" in value) return []; // The device's own keys live on.
  return Object.values(value).flatMap(secretsOf);
}

/** Whether a printed value holds the bytes of a secret, as numbers, hex or text. */
function revealed(printed: string, secret: Secret): boolean {
  const bytes = [...secret.expose()];
  if (bytes.every((byte) => byte === 0)) return false;
  const flat = printed.replaceAll(/\s+/g, "");
  return [bytes.join(","), Buffer.from(bytes).toString("hex"), String.fromCharCode(...bytes)].some((form) => flat.includes(form));
}

test("the search for secrets finds one that is printed", () => {
  const secret = new Secret(Uint8Array.of(49, 50, 51, 52, 53, 54));
  expect(revealed(inspect({ digits: "123456" }), secret)).toBe(true);
  expect(revealed(inspect({ bytes: secret.expose() }), secret)).toBe(true);
  expect(revealed(inspect({ secret }), secret)).toBe(false);
});
