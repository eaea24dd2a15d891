import fc from "fast-check";
import { expect, test } from "vitest";
import { type Braid, receivePiece, sendPiece, startBraid } from "../../src/session/spqr/braid.ts";
import { decodeSpqrMessage, encodeSpqrMessage, payloadTypes } from "../../src/session/spqr/message.ts";
import { fuzzDecoder, testPrimitives } from "../support/index.ts";

interface Side {
  braid: Braid;
  readonly secrets: Map<number, string>;
}

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function start(seed: number): { p: ReturnType<typeof testPrimitives>; sides: [Side, Side] } {
  const p = testPrimitives(seed);
  const authKey = p.randomBytes(32);
  const side = (role: "initiator" | "responder"): Side => ({ braid: startBraid(p, authKey, role), secrets: new Map() });
  return { p, sides: [side("initiator"), side("responder")] };
}

test("strict ping-pong takes 87 messages an epoch, roles swap, both sides agree", () => {
  const { p, sides } = start(1);
  const begins: number[] = [];
  for (let i = 0; i < 87 * 7; i++) {
    const [from, to] = i % 2 === 0 ? sides : ([sides[1], sides[0]] as const);
    const epoch = from.braid.epoch;
    if (begins.length < epoch) begins.push(i);
    const sent = sendPiece(p, from.braid);
    from.braid = sent.braid;
    if (sent.secret !== undefined) from.secrets.set(sent.secret.epoch, toText(sent.secret.secret));
    const received = receivePiece(p, to.braid, epoch, sent.payload);
    to.braid = received.braid;
    if (received.secret !== undefined) to.secrets.set(received.secret.epoch, toText(received.secret.secret));
  }
  // The first epoch begins with its own header; each later one a message before, when the roles have just changed.
  expect(begins.slice(0, 7).map((begin, i) => begin - (begins[i - 1] ?? 0))).toEqual([0, 86, 87, 87, 87, 87, 87]);
  for (const [epoch, secret] of sides[0].secrets) if (sides[1].secrets.has(epoch)) expect(sides[1].secrets.get(epoch)).toBe(secret);
  expect(new Set(sides[0].secrets.values()).size).toBe(sides[0].secrets.size);
});

test("loss, repetition and reordering delay epochs but never split the two sides", () => {
  const steps = fc.array(fc.record({ from: fc.integer({ min: 0, max: 1 }), lost: fc.boolean(), again: fc.boolean(), late: fc.nat(6) }), {
    minLength: 300,
    maxLength: 500,
  });
  fc.assert(
    fc.property(fc.integer(), steps, (seed, schedule) => {
      const { p, sides } = start(seed);
      const flying: { to: Side; epoch: number; payload: ReturnType<typeof sendPiece>["payload"]; at: number }[] = [];
      schedule.forEach(({ from, lost, again, late }, i) => {
        const sender = sides[from] as Side;
        const to = sides[1 - from] as Side;
        const epoch = sender.braid.epoch;
        const sent = sendPiece(p, sender.braid);
        sender.braid = sent.braid;
        if (sent.secret !== undefined) sender.secrets.set(sent.secret.epoch, toText(sent.secret.secret));
        if (!lost) flying.push({ to, epoch, payload: sent.payload, at: i + late });
        if (again) flying.push({ to, epoch, payload: sent.payload, at: i + late + 3 });
        for (const message of flying.filter((candidate) => candidate.at === i)) {
          const received = receivePiece(p, message.to.braid, message.epoch, message.payload);
          message.to.braid = received.braid;
          if (received.secret !== undefined) message.to.secrets.set(received.secret.epoch, toText(received.secret.secret));
        }
      });
      for (const [epoch, secret] of sides[0].secrets) {
        const other = sides[1].secrets.get(epoch);
        if (other !== undefined) expect(other).toBe(secret);
      }
      expect(Math.abs(sides[0].secrets.size - sides[1].secrets.size)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 15 },
  );
});

test("an epoch that has not begun is refused, an old one changes nothing", () => {
  const { p, sides } = start(3);
  expect(() => receivePiece(p, sides[1].braid, 2, { type: "none" })).toThrow("has not begun");
  const late: Braid = { ...sides[1].braid, epoch: 5 } as Braid;
  expect(receivePiece(p, late, 4, { type: "none" })).toEqual({ braid: late });
});

test("messages survive their encoding and damage", () => {
  const chunk = { index: 0xfffe, data: new Uint8Array(32).fill(9) };
  for (const type of payloadTypes) {
    const payload = type === "none" || type === "ack" ? { type } : { type, chunk };
    const message = { epoch: 300, index: 70_000, payload };
    const bytes = encodeSpqrMessage(message);
    expect(decodeSpqrMessage(bytes)).toEqual(message);
    fuzzDecoder(bytes, (damaged) => void decodeSpqrMessage(damaged));
  }
});

test("an index of 0, which would mix no post-quantum key in, is refused", () => {
  expect(() => decodeSpqrMessage(Uint8Array.of(1, 1, 0, 0))).toThrow("malformed");
});
