// A peer who keeps to the cryptography but not to the rules, and a relay that holds cells back: what they pin is refused, costs little, and
// never leaves a session worse than it was.

import { describe, expect, test } from "vitest";
import {
  type Cell,
  MAX_SIGNAL_PLAINTEXT,
  MAX_WATCHED_ARCHIVED_SESSIONS,
  type Primitives,
  type ProtocolError,
  RatchetSession,
  Secret,
  type SessionRecord,
  WIDE_WINDOWS,
  cellAddress,
  decodeSessionRecord,
  emptyRecord,
  encryptInRecord,
  initiateSession,
  openCell,
  prekeysOf,
  sealCell,
} from "../../src/index.ts";
import { nodePrimitives } from "../../src/primitives/node.ts";
import { portablePrimitives } from "../../src/primitives/portable.ts";
import { encodeFields } from "../../src/session/protobuf.ts";
import { decodePrekeyMessage, decodeSignalMessage, encodePrekeyMessage } from "../../src/session/signal-message.ts";
import { decodeSpqrMessage } from "../../src/session/spqr/message.ts";
import { NOW, type Person, person } from "../messages/people.ts";
import { answer, begin, deviceAt, end, endsOf, entryAt, prekeysAt } from "../messages/sessions.ts";
import { hex, seededRandom, testPrimitives } from "../support/index.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const text = (i: number): Uint8Array => new TextEncoder().encode(`message ${i}`);

/** One side of a conversation. */
class Side {
  session: RatchetSession;
  readonly p: Primitives;

  constructor(p: Primitives, session: RatchetSession) {
    this.p = p;
    this.session = session;
  }

  send(plaintext: Uint8Array): Cell {
    const { session, cell } = this.session.encrypt(this.p, plaintext, NOW);
    this.session = session;
    return cell;
  }

  receive({ tag, body }: Cell): Uint8Array {
    const { session, plaintext } = this.session.decrypt(this.p, tag, body);
    this.session = session;
    return plaintext;
  }

  watches({ tag }: Cell): boolean {
    return this.session.watched().some((watched) => Buffer.compare(watched, tag) === 0);
  }

  /** What is stored of the ratchets, as its owner reads it. */
  get record(): SessionRecord {
    const stored = this.session.encode();
    const length = new DataView(stored.buffer, stored.byteOffset).getUint32(67);
    return decodeSessionRecord(stored.slice(71, 71 + length));
  }

  /** The address of cell `index` in the chain that this side sends on, or will send on next. */
  address(chain: "current" | "next", index: number) {
    const root = this.record.current!.ratchet.sendingStream[chain] as Uint8Array;
    return cellAddress(this.p, new Secret(root.slice()), index);
  }

  /** The SignalMessage in a cell of this side's current chain. */
  messageIn(cell: Cell, index: number): Uint8Array {
    return openCell(this.p, this.address("current", index), cell.body).payload;
  }
}

function people(p: Primitives): { alice: Person; bob: Person } {
  return { alice: person(p), bob: person(p, { name: "Bob" }) };
}

/** Alice began, Bob has her hello; neither has answered. */
function meet(seed: string, p = testPrimitives(seed)): { alice: Side; bob: Side } {
  const { alice, bob } = people(p);
  const { session, hello } = begin(p, end(alice), end(bob), text(0));
  const own = { device: deviceAt(end(bob)), prekeys: prekeysAt(end(bob)) };
  const answered = answer(p, RatchetSession.start(endsOf(p, end(bob), end(alice))), hello, own);
  return { alice: new Side(p, session), bob: new Side(p, answered.session) };
}

/** Both ways, `rounds` times, nothing lost. */
function talk(alice: Side, bob: Side, rounds: number): void {
  for (let i = 0; i < rounds; i++) {
    bob.receive(alice.send(text(i)));
    alice.receive(bob.send(text(i)));
  }
}

/** Refused with this code, and the stored form is what it was. */
function refuses(side: Side, { tag, body }: Cell, name: string): void {
  const before = side.session.encode();
  expect(() => side.session.decrypt(side.p, tag, body)).toThrow(code(name));
  expect(side.session.encode()).toEqual(before);
}

describe("a message in a chain where it does not belong", () => {
  test("one of the current chain under a tag of the next is refused: the streams would run ahead of the ratchet", () => {
    const { alice, bob } = meet("misplaced");
    talk(alice, bob, 2);
    bob.receive(alice.send(text(1)));
    const index = alice.record.current!.ratchet.sending.index;
    const honest = alice.send(text(2));
    const ahead = alice.address("next", index);
    refuses(bob, { tag: ahead.tag, body: sealCell(bob.p, ahead, "signal", alice.messageIn(honest, index)) }, "session/invalid-message");
    expect(bob.receive(honest)).toEqual(text(2));
    talk(bob, alice, 3);
  });

  test("the initiator's own next chain may not begin with a message of the chain before", () => {
    const { alice, bob } = meet("misplaced at once");
    const cell = alice.send(text(1));
    const ahead = alice.address("next", 1);
    refuses(bob, { tag: ahead.tag, body: sealCell(bob.p, ahead, "signal", alice.messageIn(cell, 1)) }, "session/invalid-message");
    expect(bob.receive(cell)).toEqual(text(1));
  });

  test("one under another index is refused, before any work is done for what it jumps over", () => {
    let macs = 0;
    const node = nodePrimitives(seededRandom("jump"));
    const counting: Primitives = { ...node, hmac: (key, data) => (macs++, node.hmac(key, data)) };
    const { alice, bob } = meet("jump", counting);
    const [first] = [alice.send(text(1)), ...Array.from({ length: 5_000 }, () => alice.send(text(2)))];
    const far = alice.send(text(3));
    const message = alice.messageIn(far, 5_002);
    const here = alice.address("current", 1);
    macs = 0;
    refuses(bob, { tag: here.tag, body: sealCell(bob.p, here, "signal", message) }, "session/invalid-message");
    expect(macs).toBe(0);
    expect(bob.receive(first as Cell)).toEqual(text(1));
    // A planted positive: where it belongs, the same message does cost that work.
    bob.session = bob.session.widen(bob.p, WIDE_WINDOWS[1]).session;
    macs = 0;
    expect(bob.receive(far)).toEqual(text(3));
    expect(macs).toBeGreaterThan(5_000);
  });

  test("a cell of another kind is refused, whatever is in it", () => {
    const { alice, bob } = meet("kinds");
    const cell = alice.send(text(1));
    const here = alice.address("current", 1);
    const message = alice.messageIn(cell, 1);
    for (const kind of ["dummy", "preKeySignal", "sealed", "static", "group"] as const) {
      refuses(bob, { tag: here.tag, body: sealCell(bob.p, here, kind, message) }, "cell/invalid");
    }
    expect(bob.receive(cell)).toEqual(text(1));
  });
});

test.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
  ["of another type", (key) => Uint8Array.from(key, (byte, i) => (i === 0 ? 6 : byte)), "decode/invalid"],
  ["too short", (key) => key.slice(0, 32), "decode/invalid"],
  ["that is zero", (key) => Uint8Array.from(key, (byte, i) => (i === 0 ? byte : 0)), "agreement/invalid-key"],
  ["of order 8", () => hex("05e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"), "agreement/invalid-key"],
  ["with all bits set", (key) => Uint8Array.from(key, (byte, i) => (i === 0 ? byte : 0xff)), "session/invalid-message"],
  ["of another session", () => meet("another").alice.record.current!.ratchet.ourRatchetKey.publicKey, "session/invalid-message"],
])("a ratchet key %s is refused, on either provider", (_, change, name) => {
  for (const primitives of [testPrimitives("ratchet keys"), portablePrimitives(seededRandom("ratchet keys"))]) {
    const { alice, bob } = meet("ratchet keys", primitives);
    talk(alice, bob, 1);
    const cell = alice.send(text(1));
    const bytes = alice.messageIn(cell, 0);
    const message = decodeSignalMessage(bytes);
    const fields = encodeFields([
      [1, change(message.ratchetKey)],
      [2, message.counter],
      [3, message.previousCounter],
      [4, message.ciphertext],
      [5, message.spqr],
    ]);
    const here = alice.address("current", 0);
    const forged = Uint8Array.from([0x44, ...fields, ...bytes.subarray(-8)]);
    refuses(bob, { tag: here.tag, body: sealCell(bob.p, here, "signal", forged) }, name);
    expect(bob.receive(cell)).toEqual(text(1));
  }
});

describe("a hello that is not a first message", () => {
  const p = testPrimitives("hellos");
  const { alice, bob } = people(p);
  const ends = endsOf(p, end(alice), end(bob));
  const prekeys = prekeysOf(p, bob.card.bundles[0]!, entryAt(end(bob)));
  const own = { device: deviceAt(end(bob)), prekeys: prekeysAt(end(bob)) };
  const waiting = RatchetSession.start(endsOf(p, end(bob), end(alice)));

  test("is refused before the prekeys are looked up, however far it jumps", () => {
    let { record } = { record: initiateSession(p, emptyRecord, ends.ours, prekeys, NOW) };
    const hellos: Uint8Array[] = [];
    for (let i = 0; i < 3; i++) {
      const encrypted = encryptInRecord(p, record, ends.ours, ends.theirs.address, text(i), NOW);
      record = encrypted.record;
      hellos.push(encrypted.prekeyMessage as Uint8Array);
    }
    const looked: unknown[] = [];
    for (const hello of hellos.slice(1)) {
      expect(() => waiting.answer(p, hello, (use) => void looked.push(use))).toThrow(code("session/invalid-message"));
    }
    expect(looked).toEqual([]);
    expect(answer(p, waiting, hellos[0] as Uint8Array, own).plaintext).toEqual(text(0));
  });

  test("is refused when the post-quantum ratchet is left out of it, or opted out of", () => {
    const { hello } = begin(p, end(alice), end(bob), text(0));
    const outer = decodePrekeyMessage(hello);
    const { ratchetKey, counter, ciphertext, addresses, spqr } = decodeSignalMessage(outer.message);
    const without = (changed: Uint8Array | undefined): Uint8Array => {
      const fields = encodeFields([
        [1, ratchetKey],
        [2, counter],
        [4, ciphertext],
        [5, changed],
        [6, addresses],
      ]);
      return encodePrekeyMessage({ ...outer, message: Uint8Array.from([0x44, ...fields, ...outer.message.subarray(-8)]) });
    };
    const at = (offset: number, value: number): Uint8Array => Uint8Array.from(spqr, (byte, i) => (i === offset ? value : byte));
    expect(decodeSpqrMessage(spqr)).toMatchObject({ epoch: 1, index: 1 });
    // Left out; version 2; epoch 0; index 0, which libsignal takes without a post-quantum key.
    for (const changed of [undefined, new Uint8Array(), at(0, 2), at(1, 0), at(2, 0)]) {
      expect(() => answer(p, waiting, without(changed), own)).toThrow(code("decode/invalid"));
    }
    // As it was, only the MAC is wrong for the field that was left out (the previous counter): nothing else stands against it.
    expect(() => answer(p, waiting, without(spqr), own)).toThrow(code("session/invalid-message"));
  });

  test("a Kyber ciphertext that is left out, changed or of another hello makes no session", () => {
    const { hello } = begin(p, end(alice), end(bob), text(0));
    const outer = decodePrekeyMessage(hello);
    const other = decodePrekeyMessage(begin(p, end(alice), end(bob), text(0)).hello);
    const flipped = outer.kyberCiphertext.map((byte, i) => (i === 700 ? byte ^ 1 : byte));
    for (const kyberCiphertext of [flipped, other.kyberCiphertext]) {
      expect(() => answer(p, waiting, encodePrekeyMessage({ ...outer, kyberCiphertext }), own)).toThrow(code("session/invalid-message"));
    }
    const none = encodePrekeyMessage({ ...outer, kyberCiphertext: new Uint8Array() });
    expect(() => answer(p, waiting, none, own)).toThrow(code("decode/invalid"));
  });
});

describe("a relay that holds a cell back", () => {
  test("until its chain is forgotten finds that nobody waits for it: it never looks as if the session were broken", () => {
    const { alice, bob } = meet("held back");
    talk(alice, bob, 1);
    const late = alice.send(text(1));
    bob.receive(alice.send(text(2)));
    alice.receive(bob.send(text(3)));
    for (let chain = 1; chain <= 4; chain++) {
      expect(bob.watches(late)).toBe(true);
      bob.receive(alice.send(text(chain)));
      expect(bob.watches(late)).toBe(true);
      alice.receive(bob.send(text(chain)));
    }
    const kept = bob.session;
    expect(bob.receive(late)).toEqual(text(1));
    bob.session = kept;
    bob.receive(alice.send(text(5)));
    expect(bob.watches(late)).toBe(false);
    refuses(bob, late, "cell/unknown-tag");
  });

  test("is not helped by cells of later chains that did come late", () => {
    const { alice, bob } = meet("held back among others");
    talk(alice, bob, 1);
    const late: Cell[] = [];
    for (let chain = 0; chain < 6; chain++) {
      late.push(alice.send(text(chain)));
      bob.receive(alice.send(text(chain)));
      // The chain before this one has ended by now: with its last gap it must not count less.
      if (chain > 1) bob.receive(late[chain - 1] as Cell);
      alice.receive(bob.send(text(chain)));
      expect(bob.watches(late[0] as Cell)).toBe(chain < 5);
    }
  });

  test("until the post-quantum keys of its epoch are erased is told that it comes too late", () => {
    const { alice, bob } = meet("two epochs");
    const epoch = (): number => alice.record.current!.ratchet.spqr.braid.epoch;
    const burst = (from: Side, to: Side): void => {
      for (let i = 0; i < 40; i++) to.receive(from.send(text(i)));
    };
    burst(alice, bob);
    burst(bob, alice);
    // Chains turn only with replies, and long bursts take the post-quantum ratchet through an epoch in three of them.
    const late = alice.send(text(1));
    const first = epoch();
    let outcome = "";
    for (let turn = 0; turn < 4 && outcome === ""; turn++) {
      burst(alice, bob);
      burst(bob, alice);
      try {
        bob.session.decrypt(bob.p, late.tag, late.body);
      } catch (error) {
        outcome = (error as ProtocolError).code;
      }
    }
    expect(epoch() - first).toBeGreaterThanOrEqual(2);
    expect(outcome).toBe("session/duplicate");
    refuses(bob, late, "session/duplicate");
  });
});

describe("a peer that begins again and again", () => {
  test("makes the other side keep a few sessions, not one for each", () => {
    const p = testPrimitives("begins again");
    const { alice, bob } = people(p);
    let bobs = RatchetSession.start(endsOf(p, end(bob), end(alice)));
    let own = { device: deviceAt(end(bob)), prekeys: prekeysAt(end(bob)) };
    const sizes: number[] = [];
    for (let i = 0; i < 12; i++) {
      const answered = answer(p, bobs, begin(p, end(alice), end(bob), text(i)).hello, own);
      bobs = answered.session;
      own = { ...own, prekeys: answered.prekeys };
      sizes.push(bobs.encode().length);
    }
    const { archived } = new Side(p, bobs).record;
    expect(archived).toHaveLength(MAX_WATCHED_ARCHIVED_SESSIONS);
    expect(sizes.at(-1)).toBe(sizes[MAX_WATCHED_ARCHIVED_SESSIONS]);
  });
});

describe("the largest plaintext", () => {
  test("fits before the first reply too, when every message carries its addresses", () => {
    const { alice, bob } = meet("largest");
    const largest = new Uint8Array(MAX_SIGNAL_PLAINTEXT).fill(1);
    for (let i = 0; i < 300; i++) bob.receive(alice.send(largest));
    expect(bob.receive(alice.send(largest))).toEqual(largest);
    expect(() => alice.send(new Uint8Array(MAX_SIGNAL_PLAINTEXT + 1))).toThrow(code("message/too-large"));
  });
});
