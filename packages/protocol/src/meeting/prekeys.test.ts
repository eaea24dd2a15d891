import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, NOW } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { generateKeyPair } from "../agreement/key-pair.ts";
import { equalBytes } from "../bytes.ts";
import { verify } from "../identity/xeddsa.ts";
import { MAX_HELD_ONE_TIME_PREKEYS, MAX_PREKEY_GENERATIONS, MAX_REMEMBERED_HELLOS } from "../limits.ts";
import type { PrekeyUse } from "../session/session-record.ts";
import { decodeOneTimePrekeys, hashOneTimePrekeys } from "./one-time-prekeys.ts";
import {
  type OwnPrekeys,
  decodePrekeys,
  encodePrekeys,
  findPrekeys,
  newPrekeys,
  publishedPrekeys,
  renewPrekeys,
  spendPrekeys,
} from "./prekeys.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const p = testPrimitives("own prekeys");
const ours = generateKeyPair(p);
const HOUR = 60 * 60 * 1000;

const current = (held: OwnPrekeys): number => held.generations.at(-1)!.id;
const listed = (held: OwnPrekeys): number[] => decodeOneTimePrekeys(held.list).map(({ id }) => id);
/** What a hello says that was made from the published bundle, or an earlier one. */
function use(
  held: OwnPrekeys,
  { generation = current(held), oneTime = undefined as number | undefined, baseKey = p.randomBytes(33) } = {},
): PrekeyUse {
  return { signedPrekeyId: generation, kyberPrekeyId: generation, baseKey, ...(oneTime === undefined ? {} : { oneTimePrekeyId: oneTime }) };
}
const restarted = (held: OwnPrekeys): OwnPrekeys => decodePrekeys(p, encodePrekeys(held));

/** Renews daily for so many days. */
function live(held: OwnPrekeys, from: number, days: number): OwnPrekeys {
  let prekeys = held;
  for (let day = 1; day <= days; day++) prekeys = renewPrekeys(p, prekeys, from + day * DAY).prekeys;
  return prekeys;
}

describe("what is published", () => {
  test("are a signed prekey, a Kyber prekey and 20 one-time prekeys, all of which can be found again", () => {
    const held = newPrekeys(p, NOW);
    const { prekeys, oneTime } = publishedPrekeys(p, ours, held);
    for (const { key, signature } of [prekeys.signed, prekeys.kyber]) expect(verify(p, ours.publicKey, key, signature)).toBe(true);
    expect(prekeys.oneTimeHash).toEqual(hashOneTimePrekeys(p, oneTime));
    expect(decodeOneTimePrekeys(oneTime)).toHaveLength(20);
    for (const { id, key } of decodeOneTimePrekeys(oneTime)) {
      const found = findPrekeys(held, ours, use(held, { oneTime: id }));
      expect(found?.identity).toBe(ours);
      expect(found?.signedPrekey.publicKey).toEqual(prekeys.signed.key);
      expect(found?.kyberPrekey.publicKey).toEqual(prekeys.kyber.key);
      expect(found?.oneTimePrekey?.publicKey).toEqual(key);
    }
    expect(findPrekeys(held, ours, use(held))).not.toHaveProperty("oneTimePrekey");
  });

  test("stays the same when it is signed again, whatever was spent: a relay that counts through it hands nothing out twice", () => {
    let held = newPrekeys(p, NOW);
    const { oneTime } = publishedPrekeys(p, ours, held);
    for (const id of listed(held).slice(0, 10)) held = spendPrekeys(held, use(held, { oneTime: id }));
    expect(renewPrekeys(p, held, NOW + DAY).prekeys).toBe(held);
    expect(publishedPrekeys(p, ours, restarted(held)).oneTime).toEqual(oneTime);
  });
});

describe("renewal", () => {
  test("is due after a week, with other keys of every kind, and not a moment before", () => {
    const held = newPrekeys(p, NOW);
    expect(renewPrekeys(p, held, NOW + 7 * DAY - 1)).toEqual({ prekeys: held, changed: false });
    const { prekeys, changed } = renewPrekeys(p, held, NOW + 7 * DAY);
    expect(changed).toBe(true);
    expect(prekeys.generations.map(({ created }) => created)).toEqual([NOW, NOW + 7 * DAY]);
    const [before, after] = [publishedPrekeys(p, ours, held), publishedPrekeys(p, ours, prekeys)];
    expect(after.prekeys.signed.key).not.toEqual(before.prekeys.signed.key);
    expect(after.prekeys.kyber.key).not.toEqual(before.prekeys.kyber.key);
    expect(listed(prekeys).filter((id) => listed(held).includes(id))).toEqual([]);
  });

  test("of one-time prekeys alone is due when more than half of the list are spent, and brings a list that nobody has seen", () => {
    let held = newPrekeys(p, NOW);
    const first = listed(held);
    for (const id of first.slice(0, 11)) {
      expect(renewPrekeys(p, held, NOW).changed).toBe(false);
      held = spendPrekeys(held, use(held, { oneTime: id }));
    }
    const { prekeys, changed } = renewPrekeys(p, held, NOW);
    expect(changed).toBe(true);
    expect(prekeys.generations).toEqual(held.generations);
    expect(listed(prekeys).filter((id) => first.includes(id))).toEqual([]);
    // Those that were handed out and have not come back yet still open.
    for (const id of first.slice(11)) expect(findPrekeys(prekeys, ours, use(prekeys, { oneTime: id }))).toBeDefined();
  });

  test("never gives an id twice", () => {
    const step = fc.record({ days: fc.integer({ min: -3, max: 10 }), spend: fc.nat(15), restart: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let held = newPrekeys(p, NOW);
        let now = NOW;
        const seen = new Map<number, string>();
        const see = (id: number, key: Uint8Array): void => {
          const hex = Buffer.from(key).toString("hex");
          expect(seen.get(id) ?? hex).toBe(hex);
          seen.set(id, hex);
        };
        for (const { days, spend, restart } of steps) {
          for (const id of listed(held).slice(0, spend)) held = spendPrekeys(held, use(held, { oneTime: id }));
          now += days * DAY;
          held = renewPrekeys(p, restart ? restarted(held) : held, now).prekeys;
          for (const { id, signed } of held.generations) see(id, signed.publicKey);
          for (const { id, key } of decodeOneTimePrekeys(held.list)) see(id, key);
          expect(held.nextId).toBeGreaterThan(Math.max(...seen.keys()));
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe("erasure", () => {
  test("a hello finds its prekeys for 30 days after they were made, and then neither they nor what was listed beside them are there", () => {
    const first = newPrekeys(p, NOW);
    const [generation, oneTime] = [current(first), listed(first)[0] as number];
    const before = live(first, NOW, 29);
    expect(findPrekeys(before, ours, use(before, { generation, oneTime }))).toBeDefined();
    const after = live(first, NOW, 30);
    expect(findPrekeys(after, ours, use(after, { generation }))).toBeUndefined();
    const stored = Buffer.from(encodePrekeys(after)).toString("hex");
    const secrets = [first.generations[0]!.signed.privateKey, first.generations[0]!.kyber.seed, first.oneTime.get(oneTime)!.privateKey];
    for (const secret of secrets) {
      const hex = Buffer.from(secret.expose()).toString("hex");
      expect(stored).not.toContain(hex);
      // A planted positive: they are found where they are.
      expect(Buffer.from(encodePrekeys(first)).toString("hex")).toContain(hex);
    }
  });

  test("is to be stored even when nothing new is to be published", () => {
    const held = live(newPrekeys(p, NOW), NOW, 28);
    const { prekeys, changed } = renewPrekeys(p, held, NOW + 30 * DAY);
    expect(changed).toBe(false);
    expect(prekeys).not.toBe(held);
    expect(prekeys.generations.length).toBeLessThan(held.generations.length);
  });

  test("a one-time prekey is gone when it was used, and the state before is as it was", () => {
    const held = newPrekeys(p, NOW);
    const stored = encodePrekeys(held);
    const oneTime = listed(held)[3] as number;
    const spent = spendPrekeys(held, use(held, { oneTime }));
    expect(findPrekeys(spent, ours, use(spent, { oneTime }))).toBeUndefined();
    expect(findPrekeys(spent, ours, use(spent))).toBeDefined();
    expect(encodePrekeys(held)).toEqual(stored);
    const hex = Buffer.from(held.oneTime.get(oneTime)!.privateKey.expose()).toString("hex");
    expect(Buffer.from(encodePrekeys(spent)).toString("hex")).not.toContain(hex);
  });

  test("after a long absence everything is new", () => {
    const held = newPrekeys(p, NOW);
    const { prekeys } = renewPrekeys(p, held, NOW + 90 * DAY);
    expect(prekeys.generations).toHaveLength(1);
    expect(prekeys.oneTime.size).toBe(20);
    expect([...prekeys.oneTime.keys()]).toEqual(listed(prekeys));
  });
});

describe("a clock that is wrong", () => {
  test("by less than an hour changes nothing", () => {
    const held = newPrekeys(p, NOW);
    expect(renewPrekeys(p, held, NOW - HOUR)).toEqual({ prekeys: held, changed: false });
  });

  test("that was ahead when prekeys were made does not keep them longer, nor stops the renewal", () => {
    const ahead = newPrekeys(p, NOW + 3650 * DAY);
    const { prekeys, changed } = renewPrekeys(p, ahead, NOW);
    expect(changed).toBe(true);
    expect(prekeys.generations.map(({ created }) => created)).toEqual([NOW, NOW]);
    expect(findPrekeys(prekeys, ours, use(prekeys, { generation: current(ahead) }))).toBeDefined();
    const later = live(prekeys, NOW, 30);
    expect(findPrekeys(later, ours, use(later, { generation: current(ahead) }))).toBeUndefined();
    expect(later.generations.every(({ created }) => created <= NOW + 30 * DAY)).toBe(true);
  });

  test("that jumps to and fro leaves a state that can be stored and read", () => {
    let held = newPrekeys(p, NOW);
    for (let i = 1; i <= 20; i++) held = restarted(renewPrekeys(p, held, NOW + (i % 2) * 8 * DAY + i).prekeys);
    expect(held.generations.length).toBeLessThanOrEqual(MAX_PREKEY_GENERATIONS);
  });
});

describe("a hello that is played again", () => {
  test("finds no prekeys, also after a restart, until its generation is erased and it cannot open anyhow", () => {
    let held = newPrekeys(p, NOW);
    const hello = use(held);
    expect(findPrekeys(held, ours, hello)).toBeDefined();
    held = spendPrekeys(held, hello);
    expect(findPrekeys(held, ours, hello)).toBeUndefined();
    for (const days of [0, 7, 21, 29, 40]) {
      const then = restarted(live(held, NOW, days));
      expect(findPrekeys(then, ours, hello)).toBeUndefined();
      expect(then.used).toHaveLength(days < 30 ? 1 : 0);
    }
    // Another hello from the same prekeys is another matter.
    expect(findPrekeys(held, ours, use(held))).toBeDefined();
  });

  test("is not answered for having come with many others: at the bound none is, and a renewal makes room by erasing", () => {
    const held = newPrekeys(p, NOW);
    const replayed = use(held);
    const used = Array.from({ length: MAX_REMEMBERED_HELLOS - 1 }, () => ({ generation: current(held), baseKey: new Uint8Array(33) }));
    const almost = { ...spendPrekeys(held, replayed), used: [...spendPrekeys(held, replayed).used, ...used.slice(1)] };
    expect(findPrekeys(almost, ours, use(held))).toBeDefined();
    const full = spendPrekeys(almost, use(held));
    expect(findPrekeys(full, ours, use(held))).toBeUndefined();
    expect(findPrekeys(full, ours, replayed)).toBeUndefined();
    expect(restarted(full).used).toHaveLength(MAX_REMEMBERED_HELLOS);
    const once = renewPrekeys(p, full, NOW).prekeys;
    const twice = renewPrekeys(p, once, NOW).prekeys;
    expect(twice.used).toEqual([]);
    expect(findPrekeys(twice, ours, replayed)).toBeUndefined();
    expect(findPrekeys(twice, ours, use(twice))).toBeDefined();
  });

  test("mixes the ids of two generations in vain", () => {
    const held = live(newPrekeys(p, NOW), NOW, 7);
    const [old, fresh] = held.generations.map(({ id }) => id) as [number, number];
    expect(findPrekeys(held, ours, { ...use(held), signedPrekeyId: old })).toBeUndefined();
    expect(findPrekeys(held, ours, { ...use(held), kyberPrekeyId: old })).toBeUndefined();
    expect(findPrekeys(held, ours, use(held, { generation: fresh + 1 }))).toBeUndefined();
  });
});

describe("the stored form", () => {
  const held = live(newPrekeys(p, NOW), NOW, 8);
  const stored = encodePrekeys(spendPrekeys(held, use(held, { oneTime: listed(held)[0] as number })));

  test("comes back", () => {
    expect(equalBytes(encodePrekeys(decodePrekeys(p, stored)), stored)).toBe(true);
  });

  test("damaged in any way is read or refused with the typed error", () => {
    fuzzDecoder(stored, (bytes) => decodePrekeys(p, bytes), { runs: 150 });
  });

  test("is refused when ids would be given twice, or when there is too much of it", () => {
    const refused = (change: Partial<OwnPrekeys>): void =>
      expect(() => decodePrekeys(p, encodePrekeys({ ...held, ...change }))).toThrow(code("decode/invalid"));
    refused({ nextId: held.nextId - 1 });
    refused({ generations: held.generations.toReversed() });
    refused({ generations: [] });
    refused({ oneTime: new Map([...held.oneTime].toReversed()) });
    refused({ list: new Uint8Array([0, 1]) });
    const many = Array.from({ length: MAX_HELD_ONE_TIME_PREKEYS + 1 }, (_, i) => [i, ours] as const);
    refused({ oneTime: new Map(many), nextId: 1000 });
  });

  test("does not grow without bound when hellos come without end", () => {
    let now = held;
    for (let round = 0; round < 60; round++) {
      for (const id of listed(now).slice(0, 11)) now = spendPrekeys(now, use(now, { oneTime: id }));
      now = renewPrekeys(p, now, NOW + 8 * DAY).prekeys;
    }
    expect(now.oneTime.size).toBeLessThanOrEqual(MAX_HELD_ONE_TIME_PREKEYS);
    for (const id of listed(now)) expect(now.oneTime.has(id)).toBe(true);
    expect(restarted(now).oneTime.size).toBe(now.oneTime.size);
  });
});
