import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Cell,
  MAX_SIGNAL_PLAINTEXT,
  type OurPrekeys,
  type Prekeys,
  type Primitives,
  ProtocolError,
  RatchetSession,
  type SessionEnds,
  equalBytes,
  generateKeyPair,
  generateKyberKeyPair,
} from "../../src/index.ts";
import { nodePrimitives } from "../../src/primitives/node.ts";
import { fuzzDecoder, seededRandom } from "../support/index.ts";

const text = (i: number): Uint8Array => new TextEncoder().encode(`message ${i}`);
const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** A device with its table of tags, as a client keeps it. */
class Device {
  session: RatchetSession;
  readonly p: Primitives;
  readonly ends: SessionEnds;
  readonly tags = new Set<string>();
  readonly prekeys: OurPrekeys;
  missing = 0;

  constructor(p: Primitives, ends: SessionEnds) {
    this.p = p;
    this.ends = ends;
    this.session = RatchetSession.start(ends);
    this.prekeys = { identity: ends.ours.identity, signedPrekey: generateKeyPair(p), kyberPrekey: generateKyberKeyPair(p) };
  }

  bundle(): Prekeys {
    return {
      identityKey: this.ends.ours.identity.publicKey,
      signedPrekey: this.prekeys.signedPrekey.publicKey,
      kyberPrekey: this.prekeys.kyberPrekey.publicKey,
      signedPrekeyId: 1,
      kyberPrekeyId: 1,
    };
  }

  #watch({ add, drop }: { add: readonly Uint8Array[]; drop: readonly Uint8Array[] }): void {
    for (const tag of add) this.tags.add(key(tag));
    for (const tag of drop) this.tags.delete(key(tag));
    // The table kept by changes is the table the session would give.
    expect([...this.tags].sort()).toEqual(this.session.watched().map(key).sort());
  }

  /** Begins a session and gives its hello. */
  hello(theirs: Prekeys, plaintext: Uint8Array): Uint8Array {
    const { session, watch, hello } = this.session.initiate(this.p, theirs, plaintext, 0);
    this.session = session;
    this.#watch(watch);
    return hello;
  }

  send(plaintext: Uint8Array): Cell {
    const { session, cell } = this.session.encrypt(this.p, plaintext, 0);
    this.session = session;
    return cell;
  }

  receive(arrived: Cell | Uint8Array): Uint8Array | undefined {
    if ("tag" in arrived && !this.tags.has(key(arrived.tag))) return undefined;
    const opened =
      "tag" in arrived ? this.session.decrypt(this.p, arrived.tag, arrived.body) : this.session.answer(this.p, arrived, () => this.prekeys);
    this.session = opened.session;
    this.#watch(opened.watch);
    this.missing = opened.missing;
    return opened.plaintext;
  }

  /** What a restart does: forgets everything but what was stored. */
  reload(): void {
    const stored = this.session.encode();
    this.session = RatchetSession.decode(this.p, stored, this.ends);
    expect(equalBytes(this.session.encode(), stored)).toBe(true);
    this.tags.clear();
    for (const tag of this.session.watched()) this.tags.add(key(tag));
  }
}

/** Two devices; Bob has Alice's hello if `met`. */
function meet(seed: number | string, met = true): { alice: Device; bob: Device } {
  const p = nodePrimitives(seededRandom(seed));
  const [a, b] = [generateKeyPair(p), generateKeyPair(p)];
  const address = (n: number) => ({ serviceId: new Uint8Array(16).fill(n), device: n });
  const alice = new Device(p, {
    ours: { identity: a, registrationId: 1, address: address(1) },
    theirs: { key: b.publicKey, address: address(2) },
  });
  const bob = new Device(p, {
    ours: { identity: b, registrationId: 2, address: address(2) },
    theirs: { key: a.publicKey, address: address(1) },
  });
  if (met) bob.receive(alice.hello(bob.bundle(), text(0)));
  return { alice, bob };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return "no error";
}

test("a hello, then cells both ways, answered or not", () => {
  const { alice, bob } = meet(1, false);
  expect(codeOf(() => alice.send(text(0)))).toBe("session/none");
  expect(bob.receive(alice.hello(bob.bundle(), text(0)))).toEqual(text(0));
  for (let i = 1; i < 60; i++) {
    const [from, to] = i < 10 || i % 2 === 0 ? [alice, bob] : [bob, alice];
    const cell = from.send(text(i));
    expect(cell.body).toHaveLength(4096);
    expect(to.receive(cell)).toEqual(text(i));
    expect(to.missing).toBe(0);
  }
});

test("a hello that comes twice opens once", () => {
  const { alice, bob } = meet(10, false);
  const hello = alice.hello(bob.bundle(), text(0));
  bob.receive(hello);
  expect(codeOf(() => bob.receive(hello))).toBe("session/duplicate");
});

test("loss, repetition and reordering within the window: each message opens once, tags never repeat, a restart changes nothing", () => {
  const step = fc.record({ alice: fc.boolean(), lost: fc.nat(9), again: fc.nat(9), late: fc.nat(6), restart: fc.nat(9) });
  fc.assert(
    fc.property(fc.nat(), fc.array(step, { minLength: 30, maxLength: 120 }), (seed, steps) => {
      const { alice, bob } = meet(seed);
      const flying: { to: Device; cell: Cell; plaintext: Uint8Array; at: number; seen: { done: boolean } }[] = [];
      const tags = new Set<string>();
      steps.forEach((s, i) => {
        const [from, to] = s.alice ? [alice, bob] : [bob, alice];
        if (s.restart === 0) from.reload();
        const cell = from.send(text(i));
        expect(tags.has(key(cell.tag))).toBe(false);
        tags.add(key(cell.tag));
        const seen = { done: false };
        if (s.lost > 0) flying.push({ to, cell, plaintext: text(i), at: i + s.late, seen });
        if (s.again === 0) flying.push({ to, cell, plaintext: text(i), at: i + s.late + 1, seen });
        for (const message of flying.filter((candidate) => candidate.at === i)) {
          const opened = message.to.receive(message.cell);
          expect(opened).toEqual(message.seen.done ? undefined : message.plaintext);
          message.seen.done = true;
        }
      });
    }),
    { numRuns: 25 },
  );
});

test("what is missing of ended chains is still found, for as many chains as the ratchet keeps", () => {
  const { alice, bob } = meet(2);
  alice.receive(bob.send(text(0)));
  const late: Cell[] = [];
  for (let i = 0; i < 8; i++) {
    late.push(alice.send(text(i)));
    bob.receive(alice.send(text(100 + i)));
    alice.receive(bob.send(text(200 + i)));
  }
  expect(bob.missing).toBe(5);
  expect(late.map((cell) => bob.receive(cell) !== undefined)).toEqual([false, false, false, true, true, true, true, true]);
});

describe("what does not belong changes nothing", () => {
  test("a damaged cell, a cell of another tag, a cell sealed by somebody else", () => {
    const { alice, bob } = meet(3);
    const cell = bob.send(text(1));
    const before = alice.session.encode();
    const damaged = { tag: cell.tag, body: cell.body.map((byte, i) => (i === 2000 ? byte ^ 1 : byte)) };
    expect(codeOf(() => alice.session.decrypt(alice.p, damaged.tag, damaged.body))).toBe("cell/invalid");
    expect(codeOf(() => alice.session.decrypt(alice.p, new Uint8Array(16), cell.body))).toBe("cell/unknown-tag");
    const next = bob.send(text(2));
    expect(codeOf(() => alice.session.decrypt(alice.p, cell.tag, next.body))).toBe("cell/invalid");
    expect(alice.session.encode()).toEqual(before);
    expect(alice.receive(cell)).toEqual(text(1));
  });

  test("prekeys and hellos of another device", () => {
    const { alice } = meet(4);
    const other = meet(5);
    expect(codeOf(() => alice.hello(other.bob.bundle(), text(1)))).toBe("identity/not-listed");
    const foreign = other.alice.hello(other.bob.bundle(), text(1));
    expect(codeOf(() => alice.receive(foreign))).toBe("identity/not-listed");
  });

  test("a plaintext too large", () => {
    const { alice, bob } = meet(6);
    const largest = new Uint8Array(MAX_SIGNAL_PLAINTEXT).fill(1);
    for (let i = 0; i < 100; i++) {
      const [from, to] = i % 2 ? [alice, bob] : [bob, alice];
      expect(to.receive(from.send(largest))).toEqual(largest);
    }
    expect(codeOf(() => bob.send(new Uint8Array(MAX_SIGNAL_PLAINTEXT + 1)))).toBe("message/too-large");
  });
});

test("both begin at once, many times over: nothing is lost, and what is watched stays bounded", () => {
  const { alice, bob } = meet(7);
  for (let round = 0; round < 8; round++) {
    const [fromAlice, fromBob] = [alice.hello(bob.bundle(), text(1)), bob.hello(alice.bundle(), text(2))];
    expect(bob.receive(fromAlice)).toEqual(text(1));
    expect(alice.receive(fromBob)).toEqual(text(2));
    for (let i = 0; i < 6; i++) {
      const [from, to] = i % 2 ? [alice, bob] : [bob, alice];
      expect(to.receive(from.send(text(i)))).toEqual(text(i));
    }
  }
  // Four sessions, each with a current and a next chain.
  expect(alice.tags.size).toBeLessThanOrEqual(4 * 2 * 64 + 64);
});

test("a retired session says a last word, opens what is late, and never carries anything again", () => {
  const { alice, bob } = meet(10);
  alice.receive(bob.send(text(0)));
  const late = bob.send(text(1));
  const { session, cells } = alice.session.retire(alice.p, text(2), 0);
  alice.session = session;
  expect(cells.map((cell) => bob.receive(cell))).toEqual([text(2)]);
  expect(session.canSend(0)).toBe(false);
  expect(() => alice.send(text(2))).toThrow(expect.objectContaining({ code: "session/none" }));
  const hello = alice.hello(bob.bundle(), text(3));
  alice.reload();
  // Bob's cell on the retired session does not bring it back: what Alice sends next is on the new one, which only the hello opens.
  expect(alice.receive(late)).toEqual(text(1));
  const next = alice.send(text(4));
  expect(bob.receive(next)).toBeUndefined();
  expect(bob.receive(hello)).toEqual(text(3));
  expect(bob.receive(next)).toEqual(text(4));
  expect(alice.receive(bob.send(text(5)))).toEqual(text(5));
  expect(alice.session.retire(alice.p, text(6), 0).cells).toHaveLength(1);
});

test("a widened session finds a cell far ahead, and narrows again", () => {
  const { alice, bob } = meet(8);
  alice.receive(bob.send(text(0)));
  for (let i = 0; i < 500; i++) alice.send(text(i));
  const far = alice.send(text(500));
  expect(bob.receive(far)).toBeUndefined();
  const wide = bob.session.widen(bob.p, 2000);
  bob.session = wide.session;
  for (const tag of wide.add) bob.tags.add(key(tag));
  expect(bob.receive(far)).toEqual(text(500));
  expect(bob.tags.size).toBeLessThan(600);
});

test("stored sessions survive damage as typed errors, and refuse other devices", () => {
  const { alice, bob } = meet(9);
  alice.receive(bob.send(text(0)));
  alice.send(text(1));
  bob.receive(alice.send(text(2)));
  const stored = bob.session.encode();
  fuzzDecoder(stored, (bytes) => void RatchetSession.decode(bob.p, bytes, bob.ends));
  expect(codeOf(() => RatchetSession.decode(bob.p, stored, alice.ends))).toBe("decode/invalid");
});
