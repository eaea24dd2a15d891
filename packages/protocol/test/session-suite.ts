// What every implementation of `Session` has to do, whatever its cryptography. An implementation's own test calls `describeSession` with a
// way to make both ends.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ascii, equalBytes } from "../src/bytes.ts";
import { RECEIVING_WINDOW } from "../src/limits.ts";
import type { Primitives } from "../src/primitives/primitives.ts";
import type { Session } from "../src/session/session.ts";
import type { Cell } from "../src/stream/cell.ts";
import { testPrimitives } from "./support/index.ts";

/** Two ends of one session, and how each is read back from its stored form. */
export interface SessionEnds {
  readonly alice: Session;
  readonly bob: Session;
  readonly reloadAlice: (bytes: Uint8Array) => Session;
  readonly reloadBob: (bytes: Uint8Array) => Session;
}

export function describeSession(name: string, makeEnds: (p: Primitives) => SessionEnds): void {
  const hello = ascii("hello world");
  const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const tags = (session: Session, p: Primitives): string[] => session.watched(p).map(({ tag }) => hex(tag));

  /** `count` cells from one end, with the end's last state. */
  function write(p: Primitives, from: Session, count: number): { session: Session; cells: Cell[] } {
    const cells: Cell[] = [];
    let session = from;
    for (let i = 0; i < count; i++) {
      const encrypted = session.encrypt(p, ascii(`message ${i}`));
      session = encrypted.session;
      cells.push(encrypted.cell);
    }
    return { session, cells };
  }

  describe(name, () => {
    test("each end reads what the other wrote", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const there = alice.encrypt(p, hello);
      expect(bob.decrypt(p, there.cell.tag, there.cell.body).plaintext).toEqual(hello);
      const back = bob.encrypt(p, hello);
      expect(alice.decrypt(p, back.cell.tag, back.cell.body).plaintext).toEqual(hello);
    });

    test("every length from nothing to the limit comes back, and one byte more is refused", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      for (const length of [0, 1, 63, alice.maxPlaintext - 1, alice.maxPlaintext]) {
        const { cell } = alice.encrypt(p, new Uint8Array(length).fill(7));
        expect(cell.tag).toHaveLength(16);
        expect(cell.body).toHaveLength(4096);
        expect(bob.decrypt(p, cell.tag, cell.body).plaintext).toEqual(new Uint8Array(length).fill(7));
      }
      expect(() => alice.encrypt(p, new Uint8Array(alice.maxPlaintext + 1))).toThrow(
        expect.objectContaining({ code: "message/too-large" }),
      );
    });

    test("operations leave the value they are called on as it was", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const before = { alice: alice.encode(), bob: bob.encode(), watched: tags(bob, p) };
      const { cell } = alice.encrypt(p, hello);
      bob.decrypt(p, cell.tag, cell.body);
      bob.widen(p, 100);
      expect(alice.encode()).toEqual(before.alice);
      expect(bob.encode()).toEqual(before.bob);
      expect(tags(bob, p)).toEqual(before.watched);
    });

    test("a cell opens once", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const { cell } = alice.encrypt(p, hello);
      const after = bob.decrypt(p, cell.tag, cell.body).session;
      expect(() => after.decrypt(p, cell.tag, cell.body)).toThrow(expect.objectContaining({ code: "cell/unknown-tag" }));
      const reloaded = makeEnds(testPrimitives()).reloadBob(after.encode());
      expect(() => reloaded.decrypt(p, cell.tag, cell.body)).toThrow(expect.objectContaining({ code: "cell/unknown-tag" }));
    });

    test("an end does not read its own cells", () => {
      const p = testPrimitives();
      const { alice } = makeEnds(p);
      const { cell } = alice.encrypt(p, hello);
      expect(() => alice.decrypt(p, cell.tag, cell.body)).toThrow(expect.objectContaining({ code: "cell/unknown-tag" }));
    });

    test("a cell cannot be pinned under another tag of the same stream", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const { cells } = write(p, alice, 2);
      const [first, second] = cells as [Cell, Cell];
      expect(() => bob.decrypt(p, second.tag, first.body)).toThrow(expect.objectContaining({ code: "cell/invalid" }));
    });

    test("the two directions never share a tag", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const all = [...tags(alice, p), ...tags(bob, p)];
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThanOrEqual(2 * RECEIVING_WINDOW);
    });

    test("a burned index is a gap and nothing more", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const burned = alice.encrypt(p, hello);
      const again = burned.session.encrypt(p, hello);
      expect(again.index).toBe(burned.index + 1);
      expect(hex(again.cell.tag)).not.toBe(hex(burned.cell.tag));
      const got = bob.decrypt(p, again.cell.tag, again.cell.body);
      expect(got).toMatchObject({ plaintext: hello, missing: 1 });
    });

    test("a flipped bit anywhere in a cell counts as absence", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const { cell } = alice.encrypt(p, hello);
      const before = bob.encode();
      for (let i = 0; i < cell.body.length; i += i < 64 || i > 4000 ? 1 : 61) {
        const body = cell.body.slice();
        body[i] = (body[i] as number) ^ (1 << (i % 8));
        expect(() => bob.decrypt(p, cell.tag, body)).toThrow(expect.objectContaining({ code: "cell/invalid" }));
      }
      expect(bob.encode()).toEqual(before);
      expect(bob.decrypt(p, cell.tag, cell.body).plaintext).toEqual(hello);
    });

    test("after 63 lost cells a stream goes on; further ahead only when widened, once", () => {
      const p = testPrimitives();
      const { alice, bob } = makeEnds(p);
      const { cells } = write(p, alice, 2 * RECEIVING_WINDOW + 2);
      const last = cells[RECEIVING_WINDOW - 1] as Cell;
      expect(bob.decrypt(p, last.tag, last.body).missing).toBe(RECEIVING_WINDOW - 1);
      const beyond = cells[2 * RECEIVING_WINDOW] as Cell;
      expect(() => bob.decrypt(p, beyond.tag, beyond.body)).toThrow(expect.objectContaining({ code: "cell/unknown-tag" }));
      const wide = bob.widen(p, 2_000);
      expect(wide.session.watched(p)).toHaveLength(2_000);
      expect(wide.add.map(hex)).toEqual(tags(wide.session, p).slice(RECEIVING_WINDOW));
      const got = wide.session.decrypt(p, beyond.tag, beyond.body);
      expect(got.watch.drop).toHaveLength(2_000 - (3 * RECEIVING_WINDOW + 1) + 1);
      expect(got.session.watched(p)).toHaveLength(3 * RECEIVING_WINDOW);
    });

    test("what is lost, doubled and reordered within the window arrives once, and nothing else changes the state", () => {
      const steps = fc.array(fc.record({ cell: fc.nat({ max: 39 }), damage: fc.boolean(), reload: fc.boolean() }), { maxLength: 60 });
      fc.assert(
        fc.property(steps, fc.nat(), (sequence, seed) => {
          const p = testPrimitives(seed);
          const ends = makeEnds(p);
          const { cells } = write(p, ends.alice, 40);
          let bob = ends.bob;
          const table = new Set(tags(bob, p));
          const delivered = new Set<number>();
          for (const step of sequence) {
            const { tag, body } = cells[step.cell] as Cell;
            const known = table.has(hex(tag));
            expect(known).toBe(!delivered.has(step.cell));
            const before = bob.encode();
            const arriving = step.damage ? Uint8Array.from(body, (byte, i) => (i === 99 ? byte ^ 1 : byte)) : body;
            if (!known || step.damage) {
              const code = known ? "cell/invalid" : "cell/unknown-tag";
              expect(() => bob.decrypt(p, tag, arriving)).toThrow(expect.objectContaining({ code }));
              expect(equalBytes(bob.encode(), before)).toBe(true);
            } else {
              const got = bob.decrypt(p, tag, arriving);
              expect(got.plaintext).toEqual(ascii(`message ${step.cell}`));
              delivered.add(step.cell);
              expect(got.missing).toBe(Math.max(...delivered) + 1 - delivered.size);
              for (const drop of got.watch.drop) expect(table.delete(hex(drop))).toBe(true);
              for (const add of got.watch.add) table.add(hex(add));
              bob = got.session;
            }
            if (step.reload) bob = ends.reloadBob(bob.encode());
            // The deltas and the whole are two views of one table.
            expect([...table].toSorted()).toEqual(tags(bob, p).toSorted());
          }
        }),
        { numRuns: 25 },
      );
    });

    test("both ends go on after each was stored and read back, over and over", () => {
      const p = testPrimitives();
      const ends = makeEnds(p);
      let { alice, bob } = ends;
      for (let i = 0; i < 8; i++) {
        const there = alice.encrypt(p, ascii(`ping ${i}`));
        const read = bob.decrypt(p, there.cell.tag, there.cell.body);
        const back = read.session.encrypt(p, ascii(`pong ${i}`));
        const answer = there.session.decrypt(p, back.cell.tag, back.cell.body);
        expect([read.plaintext, answer.plaintext]).toEqual([ascii(`ping ${i}`), ascii(`pong ${i}`)]);
        alice = ends.reloadAlice(answer.session.encode());
        bob = ends.reloadBob(back.session.encode());
        expect(alice.encode()).toEqual(answer.session.encode());
      }
    });

    test("a peer who skips as far as the window lets them does not make the state grow", () => {
      const p = testPrimitives();
      const ends = makeEnds(p);
      let { bob } = ends;
      const { cells } = write(p, ends.alice, 700);
      for (let i = 63; i < cells.length; i += 64) {
        const { tag, body } = cells[i] as Cell;
        const got = bob.decrypt(p, tag, body);
        expect(got.missing).toBeLessThanOrEqual(256);
        bob = got.session;
      }
      expect(bob.watched(p).length).toBeLessThanOrEqual(256 + RECEIVING_WINDOW);
      expect(ends.reloadBob(bob.encode()).encode()).toEqual(bob.encode());
    });
  });
}
