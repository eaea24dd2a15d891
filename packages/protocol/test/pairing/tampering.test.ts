// Attacks on the wire: a relay that flips, drops or reflects, and somebody with the code who replaces messages. Every one ends in a typed
// failure; none makes a device give out what the giver did not hand over.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base32nopad } from "@scure/base";
import { equalBytes } from "../../src/bytes.ts";
import { ProtocolError } from "../../src/errors.ts";
import { type CellName, cellNumbers, cellsToRead } from "../../src/pairing/cells.ts";
import { encodeInfo } from "../../src/pairing/info.ts";
import { sealMessage } from "../../src/pairing/keys.ts";
import { encodeAnswer, encodeIntroduction } from "../../src/pairing/messages.ts";
import { readQr } from "../../src/pairing/qr.ts";
import { type Cell, sealCell } from "../../src/stream/cell.ts";
import { fuzzDecoder, mutations } from "../support/mutations.ts";
import { FalseScanner, Photograph } from "./attacker.ts";
import { type Between, type Combination, PAYLOAD, type Pair, World, begin, combinations, nameOf } from "./world.ts";

const ENDINGS = /^pairing\/(expired|already-used|code-mismatch|aborted)$/;
const displayedByGiver: Combination = { displays: "give", typed: false };
const displayedByReceiver: Combination = { displays: "receive", typed: false };

/** A run in which the relay hands out something else for one message, until everybody has ended. */
function tamper(combination: Combination, seed: string, change: (cell: Cell, name: CellName, photo: Photograph) => readonly Cell[]): Pair {
  const world = new World(seed);
  return finish(world, combination, {
    prepare: (qrText) => {
      const photo = new Photograph(world.p, qrText);
      world.relay = (cell) => change(cell, photo.nameOf(cell) as CellName, photo);
    },
  });
}

function finish(world: World, combination: Combination, between: Between): Pair {
  const pair = begin(world, combination, between);
  world.settle();
  world.pass(120_000);
  world.pass(420_000);
  return pair;
}

function flip(bytes: Uint8Array, position: number, bit = position % 8): Uint8Array {
  const changed = bytes.slice();
  changed[position] = (changed[position] as number) ^ (1 << bit);
  return changed;
}

/** Both ended with a reason, and what came out is at most the true payload (which a forged acknowledgement cannot call back). */
function expectEnded({ giver, receiver }: Pair, name?: CellName): void {
  expect(giver.failure).toMatch(ENDINGS);
  expect(giver.all("delivered")).toEqual([]);
  expect(receiver.payloads).toEqual(name === "M5" ? [PAYLOAD] : []);
  if (name !== "M5") expect(receiver.failure).toMatch(ENDINGS);
}

describe("one bit of a message is flipped by somebody with the code", () => {
  const lengths: Readonly<Partial<Record<CellName, number>>> = { M1: 64, M2: 1216, M3: 1350, M4: PAYLOAD.length + 16, M5: 16, "M3'": 180 };
  const fields: Readonly<Partial<Record<CellName, readonly number[]>>> = {
    M2: [0, 1, 500, 1150, 1183, 1184, 1200, 1215],
    M3: [0, 544, 1087, 1088, 1119, 1120, 1151, 1152, 1154, 1200, 1290, 1300],
    "M3'": [0, 1, 2, 40, 100, 150],
  };
  const cases = Object.entries(lengths).flatMap(([name, length]) => {
    const combination = name === "M3'" ? displayedByReceiver : displayedByGiver;
    const positions = fields[name as CellName] ?? Array.from({ length }, (_, i) => i);
    return positions.map((position) => ({ message: name as CellName, position, combination }));
  });

  test.each(cases)("$message, byte $position", ({ message, position, combination }) => {
    let flipped = 0;
    const pair = tamper(combination, "flip", (cell, name, photo) => {
      if (name !== message) return [cell];
      flipped++;
      return [photo.seal(name, flip(photo.read(cell), position))];
    });
    expect(flipped).toBeGreaterThan(0);
    expectEnded(pair, message);
  });
});

test("one bit of the code is misread, at any place: refused at once, or both end", () => {
  const bytes = base32nopad.decode(new World("qr").display("old phone", { role: "give" }).qrText);
  for (let position = 0; position < bytes.length; position++) {
    const world = new World("qr");
    let pair: Pair;
    try {
      pair = finish(world, displayedByGiver, { camera: (text) => base32nopad.encode(flip(base32nopad.decode(text), position)) });
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as ProtocolError).code).toMatch(/^pairing\/(qr-invalid|same-role|expired)$/);
      continue;
    }
    expectEnded(pair);
  }
});

test("a code is read strictly: damaged forms are refused with the typed error, or read as what they say", () => {
  const { qrText } = new World("fuzz").display("old phone", { role: "give" });
  fuzzDecoder(base32nopad.decode(qrText), (bytes) => readQr(base32nopad.encode(bytes)));
  const characters = Uint8Array.from(qrText, (character) => character.charCodeAt(0));
  fuzzDecoder(characters, (bytes) => readQr(String.fromCharCode(...bytes)));
  expect(() => readQr("A".repeat(100_000))).toThrow("not a Sotto pairing code");
});

describe.each(combinations.map((combination) => ({ ...combination, name: nameOf(combination) })))("$name", (combination) => {
  test("a relay that damages the cells themselves: they count as absent", () => {
    for (const message of Object.keys(cellNumbers) as CellName[]) {
      const pair = tamper(combination, "damage", (cell, name) => [name === message ? { ...cell, body: flip(cell.body, 2000) } : cell]);
      if (used(message, combination)) expectEnded(pair, message);
      else expect(pair.receiver.payloads).toEqual([PAYLOAD]);
    }
  });

  test("a relay that damages a cell first and hands out the true one later changes nothing", () => {
    const pair = tamper(combination, "damage then true", (cell) => [{ ...cell, body: flip(cell.body, 9) }, cell]);
    expect(pair.receiver.payloads).toEqual([PAYLOAD]);
    expect(pair.giver.state.phase).toBe("done");
  });

  test("a relay that drops a message: both end when their time is over", () => {
    for (const message of Object.keys(cellNumbers) as CellName[]) {
      const pair = tamper(combination, "drop", (cell, name) => (name === message ? [] : [cell]));
      if (!used(message, combination)) {
        expect(pair.receiver.payloads).toEqual([PAYLOAD]);
        continue;
      }
      expectEnded(pair, message);
      expect(pair.giver.failure).toMatch(/expired|aborted/);
    }
  });

  test("whatever somebody with the code writes into any message, nothing but the true payload comes out", () => {
    const names = (Object.keys(cellNumbers) as CellName[]).filter((name) => used(name, combination));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.gen(), fc.nat(), (message, gen, seed) => {
        const { giver, receiver } = tamper(combination, `any ${seed}`, (cell, name, photo) =>
          name === message ? [photo.seal(name, gen(() => mutations(photo.read(cell))).slice(0, 4061))] : [cell],
        );
        expect(giver.failure).toMatch(ENDINGS);
        expect(receiver.payloads).toEqual(message === "M5" ? [PAYLOAD] : []);
      }),
      { numRuns: 25 },
    );
  });

  test("reflection: a device that gets its own messages back as the other's accepts none", () => {
    const world = new World("reflection");
    const { giver, receiver, qrText } = begin(world, combination);
    const photo = new Photograph(world.p, qrText);
    world.settle();
    for (const [index, device] of [giver, receiver].entries()) {
      const reads = cellsToRead(device.state.side, device.state.role);
      const own = world.board.cells.filter((cell) => !reads.includes(photo.nameOf(cell) as CellName));
      for (const read of reads) {
        for (const cell of own) {
          const again = tamper(combination, "reflection", (it, name) => [name === read ? photo.seal(read, photo.read(cell)) : it]);
          const it = [again.giver, again.receiver][index];
          expect(it?.payloads ?? []).toEqual(device === receiver && !["M1", "M2", "M3", "M3'", "M4"].includes(read) ? [PAYLOAD] : []);
        }
      }
    }
  });

  test("replay: no message of another run is accepted in this one", () => {
    const old = new World("old run");
    const { qrText } = begin(old, combination);
    const oldPhoto = new Photograph(old.p, qrText);
    old.settle();
    for (const cell of old.board.cells) {
      const message = oldPhoto.nameOf(cell) as CellName;
      const payload = oldPhoto.read(cell);
      const pair = tamper(combination, "new run", (it, name, photo) => [name === message ? photo.seal(name, payload) : it]);
      expectEnded(pair, message);
      // As it was pinned there, under the old tag, it is not even looked at.
      const untouched = tamper(combination, "new run", (it) => [cell, it]);
      expect(untouched.receiver.payloads).toEqual([PAYLOAD]);
    }
  });
});

/** Whether a message occurs in a run that nothing disturbs. */
function used(message: CellName, { displays }: Combination): boolean {
  return !message.startsWith("stop") && (message !== "M3'" || displays === "receive");
}

test("a first message of another length is refused unanswered", () => {
  for (const length of [0, 63, 65]) {
    const world = new World("length");
    const { device, qrText } = world.display("old phone", { role: "give" });
    const photo = new Photograph(world.p, qrText);
    world.write(photo.seal("M1", world.p.randomBytes(length)));
    world.settle();
    expect(device.failure).toBe("pairing/aborted");
    expect(photo.find(world, "M2")).toBeUndefined();
  }
});

test("an acknowledgement that says something is none", () => {
  const world = new World("talkative");
  const { giver, receiver, qrText } = begin(world, displayedByGiver);
  const photo = new Photograph(world.p, qrText);
  world.relay = (cell) => {
    const keys = receiver.state.run.keys;
    if (keys === undefined || photo.nameOf(cell) !== "M5") return [cell];
    return [photo.seal("M5", sealMessage(world.p, keys, "M5", photo.addresses.M5, Uint8Array.of(1)))];
  };
  world.settle();
  expect(giver.failure).toBe("pairing/aborted");
});

test("of several cells under one tag the first that opens counts, also before its turn", () => {
  const world = new World("twice");
  const { giver, receiver, qrText } = begin(world, displayedByGiver);
  const photo = new Photograph(world.p, qrText);
  const answers = receiver.pending.splice(0);
  world.settle();
  expect(receiver.state.phase).toBe("claiming");
  world.send(receiver, { type: "cell", ...photo.seal("M2", world.p.randomBytes(1216)) });
  receiver.pending.push(...answers);
  world.settle();
  expect([giver.state.phase, receiver.state.phase]).toEqual(["done", "done"]);
});

test("a cell of another kind counts as absent", () => {
  const { receiver, giver } = tamper(displayedByGiver, "kind", (cell, name, photo) => {
    const address = photo.addresses[name];
    return [{ tag: cell.tag, body: sealCell(photo.p, address, "dummy", photo.p.randomBytes(64)) }, cell];
  });
  expect(receiver.payloads).toEqual([PAYLOAD]);
  expect(giver.state.phase).toBe("done");
});

test("an answer with another key than the code promised is refused before anything is sent to it", () => {
  const world = new World("swapped");
  const answer = encodeAnswer({ kemKey: world.p.mlKem768.publicKey(world.p.randomBytes(64)), nonce: world.p.randomBytes(32) });
  const { receiver, giver } = tamper(displayedByGiver, "swapped key", (cell, name, photo) => [
    name === "M2" ? photo.seal(name, answer) : cell,
  ]);
  expect(receiver.failure).toBe("pairing/aborted");
  expect(receiver.shown("compare")).toBeUndefined();
  expect(giver.failure).toBe("pairing/aborted");
});

test("a key of small order in the first message is refused: with it anybody could know the exchanged secret", () => {
  for (const u of [undefined, 0, 1] as const) {
    const world = new World("small order");
    world.person = () => undefined;
    const { device, qrText } = world.display("old phone", { role: "give" });
    const mallory = new FalseScanner(world.p, qrText);
    mallory.smallOrder = u;
    world.write(mallory.claim());
    world.settle();
    const agreement = mallory.agree(mallory.photo.find(world, "M2") as Uint8Array, mallory.message);
    world.write(mallory.open(agreement, mallory.nonce, mallory.message));
    world.settle();
    expect(device.state.phase).toBe(u === undefined ? "comparing" : "failed");
  }
});

describe("two givers, or two receivers", () => {
  test("are told so before anything is written", () => {
    for (const role of ["give", "receive"] as const) {
      const world = new World("same role");
      const { qrText } = world.display("a", { role });
      expect(() => world.scan("b", { role, qrText })).toThrow(expect.objectContaining({ code: "pairing/same-role", blame: "user" }));
      expect(world.board.cells).toEqual([]);
    }
  });

  test("are refused by the device that displays, if the reader lies about what it read", () => {
    for (const role of ["give", "receive"] as const) {
      const world = new World("lie");
      const { device, qrText } = world.display("a", { role });
      const liar = new FalseScanner(world.p, qrText, role);
      world.write(liar.claim());
      world.settle();
      const agreement = liar.agree(liar.photo.find(world, "M2") as Uint8Array, liar.message);
      world.write(liar.open(agreement, liar.nonce, liar.message));
      world.settle();
      expect(device.failure).toBe("pairing/aborted");
      expect(device.all("peer")).toEqual([]);
    }
  });

  test("are refused by a giver that reads, if the device that displays calls itself a giver too", () => {
    const world = new World("lying display");
    const { giver, receiver } = begin(world, displayedByReceiver, {
      prepare: (qrText) => {
        const photo = new Photograph(world.p, qrText);
        world.relay = (cell) => {
          const keys = world.devices[0]?.state.run.keys;
          if (keys === undefined || photo.nameOf(cell) !== "M3'") return [cell];
          const lie = encodeIntroduction(world.p, encodeInfo({ role: "give", deviceName: "x" }), undefined, keys.transcript);
          return [photo.seal("M3'", sealMessage(world.p, keys, "M3'", photo.addresses["M3'"], lie))];
        };
      },
    });
    world.settle();
    expect(giver.failure).toBe("pairing/aborted");
    expect(giver.all("peer")).toEqual([]);
    expect(receiver.payloads).toEqual([]);
  });
});

test("a flipped bit is a changed byte string (the detector detects)", () => {
  expect(equalBytes(flip(PAYLOAD, 0), PAYLOAD)).toBe(false);
  const untouched = tamper(displayedByGiver, "untouched", (cell) => [cell]);
  expect(untouched.receiver.payloads).toEqual([PAYLOAD]);
  expect(() => expectEnded(untouched)).toThrow(/undefined/);
});
