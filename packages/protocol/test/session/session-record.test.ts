import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MAX_ARCHIVED_SESSIONS,
  MAX_FORWARD_JUMP,
  MAX_RECEIVING_CHAINS,
  MAX_SKIPPED_KEYS,
  ProtocolError,
  UNANSWERED_SESSION_MS,
  decodeSessionRecord,
  encryptInRecord,
} from "../../src/index.ts";
import { nodePrimitives } from "../../src/primitives/node.ts";
import { decodePrekeyMessage, decodeSignalMessage, encodePrekeyMessage } from "../../src/session/signal-message.ts";
import { fuzzDecoder, mutations, seededRandom, testPrimitives } from "../support/index.ts";
import { type Envelope, TestDevice, pairOfDevices } from "./devices.ts";

const text = (i: number): Uint8Array => new TextEncoder().encode(`message ${i}`);
const fast = (seed: number) => nodePrimitives(seededRandom(seed));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return "no error";
}

describe.each(["portable", "node", "mixed"] as const)("a dialogue on %s primitives", (provider) => {
  const make = (seed: number) => {
    const a = provider === "portable" ? testPrimitives(seed) : fast(seed);
    const b = provider === "node" ? fast(seed + 1) : testPrimitives(seed + 1);
    const alice = new TestDevice(a, 1, 2);
    const bob = new TestDevice(b, 2, 1);
    return [alice, bob] as const;
  };

  test("both sides at random, with loss, repetition, reordering, and a restart at every step", () => {
    const step = fc.record({ alice: fc.boolean(), lost: fc.nat(9), again: fc.nat(9), late: fc.nat(5) });
    fc.assert(
      fc.property(
        fc.nat(),
        fc.boolean(),
        fc.array(step, { minLength: 20, maxLength: provider === "node" ? 150 : 40 }),
        (seed, oneTime, steps) => {
          const [alice, bob] = make(seed);
          alice.initiate(bob.bundle({ oneTime }));
          const flying: { to: TestDevice; envelope: Envelope; plaintext: Uint8Array; at: number; seen: { done: boolean } }[] = [];
          let met = false;
          steps.forEach((s, i) => {
            const from = s.alice || !met ? alice : bob;
            from.reload();
            const plaintext = text(i);
            const envelope = from.encrypt(plaintext);
            const seen = { done: false };
            const to = from === alice ? bob : alice;
            if (s.lost > 0) flying.push({ to, envelope, plaintext, at: i + s.late, seen });
            if (s.again === 0) flying.push({ to, envelope, plaintext, at: i + s.late + 2, seen });
            for (const message of flying.filter((candidate) => candidate.at === i)) {
              message.to.reload();
              if (message.seen.done) {
                expect(codeOf(() => message.to.decrypt(message.envelope))).toBe("session/duplicate");
              } else {
                expect(message.to.decrypt(message.envelope)).toEqual(message.plaintext);
                message.seen.done = true;
                if (message.to === bob) met = true;
              }
            }
          });
        },
      ),
      { numRuns: provider === "node" ? 25 : 4 },
    );
  });
});

test("both sides begin at once: everything arrives, and they settle on one session", () => {
  const p = fast(1);
  const alice = new TestDevice(p, 1, 2);
  const bob = new TestDevice(p, 2, 1);
  const [forAlice, forBob] = [bob.bundle({ oneTime: true }), alice.bundle({ oneTime: true })];
  alice.initiate(forAlice);
  bob.initiate(forBob);
  const [fromAlice, fromBob] = [alice.encrypt(text(1)), bob.encrypt(text(2))];
  expect(bob.decrypt(fromAlice)).toEqual(text(1));
  expect(alice.decrypt(fromBob)).toEqual(text(2));
  for (let i = 3; i < 20; i++) {
    const [from, to] = i % 2 ? [alice, bob] : [bob, alice];
    expect(to.decrypt(from.encrypt(text(i)))).toEqual(text(i));
  }
  expect(alice.record.current?.baseKey).toEqual(bob.record.current?.baseKey);
});

test("a message of an archived session still opens, and makes it current", () => {
  const { alice, bob } = pairOfDevices(fast(2));
  const late = alice.encrypt(text(1));
  bob.initiate(alice.bundle({ oneTime: false }));
  expect(bob.record.archived).toHaveLength(1);
  expect(bob.decrypt(late)).toEqual(text(1));
  expect(alice.decrypt(bob.encrypt(text(2)))).toEqual(text(2));
});

describe("a message that is refused changes nothing", () => {
  test("damage anywhere", () => {
    const { alice, bob } = pairOfDevices(fast(3));
    const unanswered = pairOfDevices(fast(4), { answered: false });
    for (const [from, to] of [
      [alice, bob],
      [unanswered.alice, unanswered.bob],
    ] as const) {
      const envelope = from.encrypt(text(1));
      const before = to.stored();
      // The parts of a prekey message that no MAC covers are its registration id and the low half of its version byte.
      const outside = (bytes: Uint8Array): boolean => {
        if (envelope.kind === "message") return false;
        try {
          const [is, was] = [decodePrekeyMessage(bytes), decodePrekeyMessage(envelope.bytes)];
          return Buffer.compare(is.message, was.message) === 0 && Buffer.compare(is.baseKey, was.baseKey) === 0;
        } catch {
          return false;
        }
      };
      fc.assert(
        fc.property(mutations(envelope.bytes), (bytes) => {
          fc.pre(!outside(bytes));
          expect(codeOf(() => to.decrypt({ kind: envelope.kind, bytes }))).toMatch(/^(decode|session|agreement)\//);
          expect(to.stored()).toEqual(before);
        }),
        { numRuns: 400 },
      );
      expect(to.decrypt(envelope)).toEqual(text(1));
    }
  });

  test("every single bit of a message", () => {
    const { alice, bob } = pairOfDevices(fast(5));
    const { bytes } = alice.encrypt(text(1));
    const before = bob.stored();
    // The low half of the version byte is covered by the MAC too.
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(codeOf(() => bob.decrypt({ kind: "message", bytes: damaged }))).not.toBe("no error");
    }
    expect(bob.stored()).toEqual(before);
  });

  test("a stranger's, a repeated, a reflected and a misdirected one", () => {
    const { alice, bob } = pairOfDevices(fast(6));
    const other = pairOfDevices(fast(7));
    const envelope = alice.encrypt(text(1));
    bob.decrypt(envelope);
    const before = bob.stored();
    expect(codeOf(() => bob.decrypt(envelope))).toBe("session/duplicate");
    expect(codeOf(() => bob.decrypt(other.alice.encrypt(text(1))))).toBe("session/invalid-message");
    expect(bob.stored()).toEqual(before);
    const reflected = bob.encrypt(text(2));
    const after = bob.stored();
    expect(codeOf(() => bob.decrypt(reflected))).toBe("agreement/invalid-key");
    expect(bob.stored()).toEqual(after);
  });

  test("a first message under another account or device", () => {
    const p = fast(8);
    const alice = new TestDevice(p, 1, 2);
    const bob = new TestDevice(p, 2, 1);
    alice.initiate(bob.bundle({ oneTime: true }));
    const envelope = alice.encrypt(text(1));
    const mallory = new TestDevice(p, 2, 3);
    mallory.prekeys.set(1, bob.prekeys.get(1)!);
    const impostor = Object.assign(mallory, { self: { ...bob.self } });
    expect(codeOf(() => impostor.decrypt(envelope))).toBe("session/wrong-address");
    // Without its addresses a first message is refused, although libsignal would take it.
    const session = alice.record.current!;
    const bare = encryptInRecord(
      p,
      { archived: [], current: { ratchet: session.ratchet, baseKey: session.baseKey } },
      alice.self,
      alice.peer,
      text(2),
      0,
    );
    const wrapped = encodePrekeyMessage({ ...decodePrekeyMessage(envelope.bytes), message: bare.message });
    expect(codeOf(() => bob.decrypt({ kind: "prekey", bytes: wrapped }))).toBe("session/wrong-address");
  });

  test("a first message whose prekeys are gone", () => {
    const p = fast(9);
    const alice = new TestDevice(p, 1, 2);
    const bob = new TestDevice(p, 2, 1);
    alice.initiate(bob.bundle({ oneTime: true }));
    bob.prekeys.clear();
    expect(codeOf(() => bob.decrypt(alice.encrypt(text(1))))).toBe("session/none");
  });
});

describe("limits", () => {
  test(`a jump of ${MAX_FORWARD_JUMP - 1} lost messages is bridged, one more is not`, () => {
    const { alice, bob } = pairOfDevices(fast(10));
    const before = bob.record;
    for (let i = 0; i < MAX_FORWARD_JUMP - 1; i++) alice.encrypt(text(0));
    const furthest = alice.encrypt(text(1));
    const beyond = alice.encrypt(text(2));
    expect(bob.decrypt(furthest)).toEqual(text(1));
    bob.record = before;
    expect(codeOf(() => bob.decrypt(beyond))).toBe("session/too-far");
  });

  test(`of messages that were jumped over the newest ${MAX_SKIPPED_KEYS} still open`, () => {
    const { alice, bob } = pairOfDevices(fast(11));
    const late = Array.from({ length: MAX_SKIPPED_KEYS + 1 }, (_, i) => alice.encrypt(text(i)));
    bob.decrypt(alice.encrypt(text(9999)));
    bob.reload();
    expect(codeOf(() => bob.decrypt(late[0] as Envelope))).toBe("session/duplicate");
    for (const i of [1, 2, MAX_SKIPPED_KEYS / 2, MAX_SKIPPED_KEYS]) expect(bob.decrypt(late[i] as Envelope)).toEqual(text(i));
  });

  test(`of messages that stayed behind in earlier chains those of the last ${MAX_RECEIVING_CHAINS} open`, () => {
    const { alice, bob } = pairOfDevices(fast(12));
    const late: Envelope[] = [];
    for (let i = 0; i < 9; i++) {
      late.push(alice.encrypt(text(i)));
      bob.decrypt(alice.encrypt(text(100 + i)));
      alice.decrypt(bob.encrypt(text(200 + i)));
    }
    const opened = late.map((envelope) => codeOf(() => bob.decrypt(envelope)));
    expect(opened.filter((code) => code === "no error")).toHaveLength(MAX_RECEIVING_CHAINS);
    expect(opened.slice(-MAX_RECEIVING_CHAINS)).toEqual(Array.from({ length: MAX_RECEIVING_CHAINS }, () => "no error"));
  });

  test(`${MAX_ARCHIVED_SESSIONS} replaced sessions are kept`, () => {
    const { alice, bob } = pairOfDevices(fast(13));
    const oldest = alice.encrypt(text(1));
    for (let i = 0; i < MAX_ARCHIVED_SESSIONS; i++) bob.initiate(alice.bundle({ oneTime: false }));
    const full = bob.record;
    expect(bob.decrypt(oldest)).toEqual(text(1));
    bob.record = full;
    bob.initiate(alice.bundle({ oneTime: false }));
    expect(bob.record.archived).toHaveLength(MAX_ARCHIVED_SESSIONS);
    bob.reload();
    expect(codeOf(() => bob.decrypt(oldest))).toBe("session/invalid-message");
  });

  test("a session that was never answered stops sending after 30 days", () => {
    const p = fast(14);
    const alice = new TestDevice(p, 1, 2);
    alice.initiate(new TestDevice(p, 2, 1).bundle({ oneTime: true }));
    alice.now += UNANSWERED_SESSION_MS;
    alice.encrypt(text(1));
    alice.now += 1;
    expect(codeOf(() => alice.encrypt(text(2)))).toBe("session/none");
  });
});

describe("decoders", () => {
  const { alice, bob } = pairOfDevices(fast(15), { answered: false });
  const prekey = alice.encrypt(text(1)).bytes;
  test("a prekey message", () => fuzzDecoder(prekey, (bytes) => void decodePrekeyMessage(bytes)));
  test("a message", () => fuzzDecoder(decodePrekeyMessage(prekey).message, (bytes) => void decodeSignalMessage(bytes)));

  test("stored records, in every state of the post-quantum ratchet", () => {
    const states = new Set<string>();
    bob.decrypt({ kind: "prekey", bytes: prekey });
    for (let i = 0; i < 600; i++) {
      const [from, to] = i % 2 ? [alice, bob] : [bob, alice];
      // In every other epoch most of the ciphertext's first part is lost, so that the key arrives before it.
      const { braid } = from.record.current!.ratchet.spqr;
      const envelope = from.encrypt(text(i));
      if (braid.name !== "Ct1Sampled" || braid.epoch % 2 === 0 || i % 3 === 0) to.decrypt(envelope);
      for (const device of [from, to]) {
        const name = device.record.current!.ratchet.spqr.braid.name;
        const stored = device.stored();
        device.reload();
        expect(device.stored()).toEqual(stored);
        if (!states.has(name)) fuzzDecoder(stored, (bytes) => void decodeSessionRecord(bytes));
        states.add(name);
      }
    }
    expect([...states].sort()).toEqual(
      [
        "Ct1Acknowledged",
        "Ct1Received",
        "Ct1Sampled",
        "Ct2Sampled",
        "EkReceivedCt1Sampled",
        "EkSentCt1Received",
        "HeaderReceived",
        "HeaderSent",
        "KeysSampled",
        "KeysUnsampled",
        "NoHeaderReceived",
      ].sort(),
    );
  });
});
