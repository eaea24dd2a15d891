// Attacks by somebody who photographed the code and is faster, or later, or shows a code of their own. What each gets is in the name of
// the test; the account it never is.

import { describe, expect, test } from "vitest";
import { generateKeyPair } from "../../src/agreement/key-pair.ts";
import { ascii, equalBytes } from "../../src/bytes.ts";
import { cellNumbers, type CellName } from "../../src/pairing/cells.ts";
import { openMessage } from "../../src/pairing/keys.ts";
import { Photograph } from "./attacker.ts";
import { type Device, PAYLOAD, World, begin, combinations, nameOf } from "./world.ts";

const FALSE_ACCOUNT = ascii("Mallory's account");

/** Mallory's own device answers its own questions, and hands over Mallory's account. */
function letMalloryAct(world: World, mallory: () => Device): void {
  const { person } = world;
  world.person = (asking, code) => (asking === mallory() ? asking.secretCode(code) : person(asking, code));
  world.approves = (asking) => (asking === mallory() ? FALSE_ACCOUNT : undefined);
}

describe("a false new device reads the giver's code before the true one", () => {
  function race(): { world: World; giver: Device; mallory: Device; trueDevice: Device; photo: Photograph } {
    const world = new World("false receiver");
    const { device: giver, qrText } = world.display("old phone", { role: "give" });
    const mallory = world.scan("Mallory", { role: "receive", qrText });
    const trueDevice = world.scan("new laptop", { role: "receive", qrText, device: { keys: generateKeyPair(world.p), registrationId: 1 } });
    world.settle();
    return { world, giver, mallory, trueDevice, photo: new Photograph(world.p, qrText) };
  }

  test("the true one says that the code was used, and shows no digits that could be typed", () => {
    const { giver, trueDevice } = race();
    expect(trueDevice.failure).toBe("pairing/already-used");
    expect(trueDevice.shown("compare")).toBeUndefined();
    expect(giver.state.phase).toBe("comparing");
  });

  test("the giver waits for digits that nobody sees, and ends", () => {
    const { world, giver, mallory, photo } = race();
    world.pass(120_000);
    expect(giver.failure).toBe("pairing/expired");
    expect(mallory.failure).toBe("pairing/expired");
    expect(photo.find(world, "M4")).toBeUndefined();
  });

  test("a person who guesses ends it for good, and both are told", () => {
    const { world, giver, mallory, photo } = race();
    world.send(giver, { type: "code", digits: "000000" });
    world.settle();
    expect(giver.failure).toBe("pairing/code-mismatch");
    expect(mallory.failure).toBe("pairing/code-mismatch");
    world.send(giver, { type: "code", digits: mallory.shown("compare") as string });
    expect(photo.find(world, "M4")).toBeUndefined();
    expect(mallory.payloads).toEqual([]);
  });

  test("the loser of the race cannot end the winner's run", () => {
    const { world, giver, trueDevice } = race();
    world.send(trueDevice, { type: "cancel" });
    world.settle();
    expect(giver.state.phase).toBe("comparing");
  });
});

describe("a false giver reads the new device's code before the true one", () => {
  function race(): { world: World; receiver: Device; mallory: Device; trueGiver: Device } {
    const world = new World("false giver");
    letMalloryAct(world, () => world.devices[1] as Device);
    const { device: receiver, qrText } = world.display("new laptop", {
      role: "receive",
      device: { keys: generateKeyPair(world.p), registrationId: 1 },
    });
    const mallory = world.scan("Mallory", { role: "give", qrText });
    const trueGiver = world.scan("old phone", { role: "give", qrText });
    world.settle();
    return { world, receiver, mallory, trueGiver };
  }

  test("Mallory's account reaches the new device, and stays sealed there: the digits to type are on no screen of the person", () => {
    const { receiver, mallory, trueGiver } = race();
    expect(mallory.state.phase).toBe("sent");
    expect(trueGiver.failure).toBe("pairing/already-used");
    expect(trueGiver.shown("reply")).toBeUndefined();
    expect(receiver.state.phase).toBe("replying");
    expect(receiver.payloads).toEqual([]);
  });

  test("a person who guesses, or types what is on the same screen, ends it for good", () => {
    for (const digits of ["000000", "shown here"]) {
      const { world, receiver, mallory } = race();
      world.send(receiver, { type: "code", digits: digits === "shown here" ? (receiver.shown("compare") as string) : digits });
      world.settle();
      expect(receiver.failure).toBe("pairing/code-mismatch");
      expect(mallory.failure).toBe("pairing/code-mismatch");
      world.send(receiver, { type: "code", digits: mallory.shown("reply") as string });
      expect(receiver.payloads).toEqual([]);
    }
  });
});

describe("Mallory hands the person a code of her own", () => {
  function phish(typed: boolean): { world: World; receiver: Device } {
    const world = new World("phish");
    letMalloryAct(world, () => world.devices[0] as Device);
    const { qrText } = world.display("Mallory", { role: "give" });
    const receiver = world.scan("new laptop", { role: "receive", qrText, typed });
    world.settle();
    return { world, receiver };
  }

  test("as text: her account stays sealed until the person types digits from a screen that the person does not have", () => {
    const { receiver } = phish(true);
    expect(receiver.state.phase).toBe("replying");
    expect(receiver.payloads).toEqual([]);
  });

  test("the attack is real: where the camera is trusted to have seen the right screen, her account is taken", () => {
    const { receiver } = phish(false);
    expect(receiver.payloads).toEqual([FALSE_ACCOUNT]);
  });
});

describe.each(combinations.map((combination) => ({ ...combination, name: nameOf(combination) })))(
  "$name: Mallory comes later",
  (combination) => {
    test("her first message is refused, and the run goes on", () => {
      const world = new World("late");
      const { receiver, qrText } = begin(world, combination);
      const mallory = world.scan("Mallory", { role: combination.displays === "give" ? "receive" : "give", qrText });
      world.settle();
      expect(mallory.failure).toBe("pairing/already-used");
      expect(mallory.payloads).toEqual([]);
      expect(receiver.payloads).toHaveLength(1);
    });

    test("all cells open for her, and what matters in them does not: not with the code's secret, not with keys she makes of it", () => {
      const world = new World("reads all");
      const { qrText } = begin(world, combination);
      const mallory = world.scan("Mallory", { role: combination.displays === "give" ? "receive" : "give", qrText });
      const photo = new Photograph(world.p, qrText);
      const guesses = [photo.qr.psk.expose(), world.p.hkdfExtract(undefined, photo.qr.psk.expose()), mallory.state.run.nonce.expose()];
      world.settle();
      for (const name of ["M3", "M3'", "M4", "M5"] as const) {
        const payload = photo.find(world, name);
        if (payload === undefined) continue;
        const box = name === "M3" ? payload.subarray(1088) : payload;
        for (const prk of guesses) {
          const keys = { prk: { expose: () => prk } as never };
          expect(openMessage(world.p, keys, name, photo.addresses[name], box)).toBeUndefined();
        }
      }
      expect(photo.find(world, "M4")).toBeDefined();
    });
  },
);

describe("Mallory occupies a cell before the device that it belongs to", () => {
  const names = (Object.keys(cellNumbers) as CellName[]).filter((name) => !name.startsWith("stop"));
  test.each(combinations.flatMap((combination) => names.map((name) => ({ ...combination, cell: name, name: nameOf(combination) }))))(
    "$cell, $name: somebody notices, and nothing false is accepted",
    ({ cell, ...combination }) => {
      const world = new World(`occupied ${cell}`);
      const { giver, receiver } = begin(world, combination, {
        prepare: (qrText) => {
          const photo = new Photograph(world.p, qrText);
          world.write(photo.seal(cell, world.p.randomBytes(photo.find(world, cell)?.length ?? 200)));
        },
      });
      world.settle();
      world.pass(420_000);
      const used = combination.displays === "receive" || cell !== "M3'";
      if (!used) return expect(receiver.payloads).toHaveLength(1);
      // In the acknowledgement's place she is too late to keep the payload from the true device, and it is the true payload.
      expect(receiver.payloads.filter((payload) => cell !== "M5" || !equalBytes(payload, PAYLOAD))).toEqual([]);
      expect(giver.failure).toMatch(/^pairing\/(aborted|already-used|expired)$/);
      expect(receiver.failure).toMatch(/^pairing\/(aborted|already-used|expired)$/);
      return undefined;
    },
  );

  test("a stop cell: whatever she writes there does not end a run whose keys are agreed", () => {
    for (const cell of ["stop C", "stop D"] as const) {
      const world = new World(`false stop ${cell}`);
      const { receiver, giver, qrText } = begin(world, { displays: "receive", typed: false });
      const photo = new Photograph(world.p, qrText);
      const { person } = world;
      world.person = (asking, code) => {
        for (const payload of [Uint8Array.of(0), world.p.randomBytes(17)]) world.write(photo.seal(cell, payload));
        return person(asking, code);
      };
      world.settle();
      expect([giver.state.phase, receiver.state.phase]).toEqual(["done", "done"]);
    }
  });
});

test("a stop cell of the reader does not end a displayed code that nobody has read, nor does one of another form a run", () => {
  for (const [payload, phase] of [
    [0, "failed"],
    [1, "done"],
  ] as const) {
    const world = new World("stop before the start");
    const { device, qrText } = world.display("old phone", { role: "give" });
    world.write(new Photograph(world.p, qrText).seal("stop C", Uint8Array.of(payload)));
    world.settle();
    expect(device.state.phase).toBe("waiting");
    world.scan("new laptop", { role: "receive", qrText });
    world.settle();
    expect(device.state.phase).toBe(phase);
  }
});

test("two runs share nothing on the board", () => {
  const world = new World("two runs");
  const first = begin(world, { displays: "give", typed: false });
  const second = begin(world, { displays: "give", typed: false });
  expect(equalBytes(first.giver.state.locator, second.giver.state.locator)).toBe(false);
  const tags = [first, second].map(({ giver }) => Object.values(giver.state.run.addresses).map(({ tag }) => String(tag)));
  expect(new Set(tags.flat()).size).toBe(16);
});
