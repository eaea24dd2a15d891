// A small run in every test run; proof that a protocol which heals or forgets too little is seen; and that the attackers try hard enough.

import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { beforeAll, describe, expect, it } from "vitest";
import { adversaries } from "../src/leaks/adversaries.ts";
import { attack } from "../src/leaks/attack/attacker.ts";
import { noFinds } from "../src/leaks/attack/finds.ts";
import { type Period, fates } from "../src/leaks/fate.ts";
import { noKeys } from "../src/leaks/key-ring.ts";
import type { Layer } from "../src/leaks/recording.ts";
import { type LeakReport, leaks, oneConversation } from "../src/leaks/run.ts";
import type { Side, Step } from "../src/leaks/schedule.ts";
import { type Sabotage, simulate } from "../src/leaks/simulation.ts";
import { table } from "../src/leaks/table.ts";
import { type Expectation, judge } from "../src/leaks/verdict.ts";

const TIMEOUT = { timeout: 60_000 };
const p = nodePrimitives();
/** Eight conversations from here on have everything in them. */
const SEED = 100;

describe("random conversations", TIMEOUT, () => {
  let report: LeakReport;
  beforeAll(() => {
    report = leaks({ seed: SEED, conversations: 8, messages: 70 });
  }, 60_000);
  const counts = (layer: Layer, adversary: string) => {
    const result = report.results.find((found) => found.layer === layer && found.adversary === adversary);
    const count = (what: "cells" | "opened" | "recognised", ...periods: Period[]): number =>
      periods.reduce((sum, period) => sum + (result?.periods.get(period)?.[what] ?? 0), 0);
    return count;
  };
  const conversation = [
    "before the first answer",
    "past",
    "on its way",
    "until the round trip",
    "after the round trip",
    "after another",
  ] as const satisfies Period[];

  it("give every attacker what it must get and nothing else", () => {
    expect(report.violations).toEqual([]);
    expect(report.missed).toEqual([]);
  });

  it("have messages of every period, so that each promise was put to the test", () => {
    for (const period of conversation) expect(counts("ratchet", "state at t")("cells", period)).toBeGreaterThan(0);
  });

  it("are an open book on the static session: to a thief, and to who breaks X25519 later", () => {
    for (const adversary of ["state at t", "X25519 broken"]) {
      const count = counts("static", adversary);
      expect(count("opened", ...conversation)).toBe(count("cells", ...conversation));
      expect(count("recognised", ...conversation)).toBe(count("cells", ...conversation));
    }
  });

  it("keep their past on the ratchet, and close again after a round trip; tags after another", () => {
    const count = counts("ratchet", "state at t");
    expect(count("opened", "past", "after the round trip", "after another")).toBe(0);
    expect(count("recognised", "after another")).toBe(0);
    // What the design concedes is really got: otherwise the attacker is no measure.
    expect(count("opened", "until the round trip")).toBeGreaterThan(0);
    expect(count("recognised", "after the round trip")).toBeGreaterThan(0);
  });

  it("stay closed to who recorded them and breaks X25519 later: Kyber and the braid hold alone", () => {
    expect(counts("ratchet", "X25519 broken")("opened", ...conversation, "first contact")).toBe(0);
    expect(counts("ratchet", "X25519 broken")("recognised", ...conversation)).toBe(0);
    // The same attack with the other keys too opens all.
    const all = counts("ratchet", "every key");
    expect(all("opened", ...conversation, "first contact")).toBe(all("cells", ...conversation, "first contact"));
  });

  it("show their table", () => {
    const text = table(report);
    expect(text).toContain("0 cells open or known that must not be, 0 that these attackers should have got");
    const planted: LeakReport = { ...report, violations: ["seed 7: cell 9 was opened"] };
    expect(table(planted)).toContain("VIOLATION  seed 7: cell 9 was opened");
  });
});

describe("a protocol that is broken on purpose", TIMEOUT, () => {
  function violations(sabotage: Sabotage): readonly string[] {
    const thief = adversaries.filter(({ name }) => name === "state at t");
    return oneConversation(p, "ratchet", { seed: 2, messages: 80, sabotage, against: thief })[0]?.verdict.violations ?? [];
  }

  it("is seen when keys are not renewed: the future stays open", () => {
    expect(violations("keys are not renewed")).toContainEqual(expect.stringMatching(/after the round trip.*opened/));
    expect(violations("keys are not renewed")).toContainEqual(expect.stringMatching(/after another.*recognised/));
  });

  it("is seen when states are not erased: the past is open", () => {
    expect(violations("states are not erased")).toContainEqual(expect.stringMatching(/past.*opened/));
  });
});

describe("one leak, step by step", () => {
  const begin = (side: Side, oneTime = true): Step => ({ does: "begin", side, oneTime });
  const write = (side: Side): Step => ({ does: "write", side });
  const read = (side: Side): Step => ({ does: "read", side, late: 0, never: false });
  /** Both directions have been used, and nothing is on its way. */
  const met: readonly Step[] = [begin("peer"), read("victim"), write("victim"), read("peer"), write("peer"), read("victim")];

  /** The messages that a thief of the victim's state opens and recognises, by number. */
  function thief(steps: readonly Step[]): { opened: number[]; recognised: number[]; periods: Period[] } {
    const recording = simulate("ratchet", steps, 5);
    const { opened, recognised } = attack(p, recording, { loot: recording.loot });
    const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);
    return { opened: sorted(opened.keys()), recognised: sorted(recognised), periods: fates(recording).map(({ period }) => period) };
  }

  it("heals with victim, peer, victim; addresses with one more round trip", () => {
    const { opened, recognised, periods } = thief([
      ...met,
      { does: "leak" },
      ...[write("victim"), read("peer")], // 3: still under the stolen chain
      ...[write("peer"), read("victim")], // 4: to the stolen ratchet key
      ...[write("victim"), read("peer")], // 5: from a fresh key, at an address that was known before
      ...[write("peer"), read("victim")], // 6: to that fresh key, at an address that came with 4
      ...[write("victim"), read("peer")], // 7
      ...[write("peer"), read("victim")], // 8
    ]);
    expect(opened).toEqual([3, 4]);
    // 2 was read, but its chain is the current one: its address is known, its key is gone.
    expect(recognised).toEqual([2, 3, 4, 5, 6]);
    expect(periods.slice(3)).toEqual([
      ...["until the round trip", "until the round trip", "after the round trip", "after the round trip"],
      ...["after another", "after another"],
    ]);
  });

  it("does not heal while only one side writes", () => {
    const monologue = Array.from({ length: 12 }, () => [write("victim"), read("peer")]).flat();
    expect(thief([...met, { does: "leak" }, ...monologue]).opened).toEqual(Array.from({ length: 12 }, (_, i) => 3 + i));
  });

  it("does not heal with an answer that was written before the victim's message came", () => {
    const { opened } = thief([
      ...met,
      { does: "leak" },
      ...[write("peer"), write("victim"), read("victim"), write("victim"), read("peer"), read("peer"), write("peer")],
    ]);
    expect(opened).toEqual([3, 4, 5, 6]);
  });

  it("opens what was on its way, whenever that arrives", () => {
    expect(thief([...met, write("peer"), write("peer"), { does: "leak" }]).opened).toEqual([3, 4]);
  });

  it("opens what was on its way in a session that was replaced", () => {
    expect(thief([...met, write("peer"), begin("victim"), { does: "leak" }, read("peer"), read("victim")]).opened).toEqual([3]);
  });

  it("heals at once with a new session of the victim's, after its first answer with one of the peer's", () => {
    const [afterwards, answer] = [
      [write("victim"), read("peer"), write("peer")],
      [read("peer"), write("peer"), read("victim")],
    ];
    expect(thief([...met, { does: "leak" }, begin("victim"), ...afterwards]).opened).toEqual([]);
    expect(thief([...met, { does: "leak" }, begin("peer"), write("peer"), read("victim"), write("victim"), ...answer]).opened).toEqual([
      3, 4,
    ]);
  });

  it("gives first messages to who steals the prekeys that they were written to, and only then", () => {
    const first: readonly Step[] = [begin("peer"), write("peer"), write("peer"), { does: "leak" }, read("victim"), read("victim")];
    expect(thief(first).opened).toEqual([0, 1, 2]);
    // The one-time prekey was erased when the first contact was read.
    expect(thief([begin("peer"), write("peer"), read("victim"), read("victim"), { does: "leak" }]).opened).toEqual([]);
    // Without one, the prekeys of the week are enough.
    expect(thief([begin("peer", false), write("peer"), read("victim"), read("victim"), { does: "leak" }]).opened).toEqual([0, 1]);
    const month: Step = { does: "wait", ms: 31 * 24 * 60 * 60 * 1000 };
    expect(thief([begin("peer", false), write("peer"), read("victim"), read("victim"), month, { does: "leak" }]).opened).toEqual([]);
  });
});

describe("who steals the state and breaks X25519 too", TIMEOUT, () => {
  it("is shut out by the braid when it has turned: the last messages of a long conversation are closed", () => {
    const steps: Step[] = Array.from({ length: 260 }, (_, i): Step[] => {
      const [from, to]: [Side, Side] = i % 2 === 0 ? ["victim", "peer"] : ["peer", "victim"];
      return [
        { does: "write", side: from },
        { does: "read", side: to, late: 0, never: false },
        ...(i === 20 ? [{ does: "leak" } as const] : []),
      ];
    }).flat();
    const recording = simulate("ratchet", [{ does: "begin", side: "victim", oneTime: false }, ...steps], 6);
    const { opened } = attack(p, recording, {
      loot: recording.loot,
      keys: { ...noKeys, x25519: recording.keys.x25519 },
    });
    const numbers = [...opened.keys()];
    expect(Math.min(...numbers)).toBeGreaterThan(20);
    expect(Math.max(...numbers)).toBeLessThan(recording.letters.length - 40);
    expect(Math.max(...numbers)).toBeGreaterThan(60);
  });
});

describe("the verdict", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const letters = [{ from: "victim" as const, plaintext: bytes("hello") }];
  const verdict = (opened: string | undefined, recognised: boolean, expected: Expectation) => {
    const finds = noFinds();
    if (opened !== undefined) finds.opened.set(0, bytes(opened));
    if (recognised) finds.recognised.add(0);
    return judge(letters, ["past"], [expected], finds);
  };

  it.each<[string, ReturnType<typeof verdict>, number, number]>([
    ["nothing to report", verdict(undefined, false, { opens: false, recognised: false }), 0, 0],
    ["an opened message", verdict("hello", false, { opens: false, recognised: false }), 1, 0],
    ["a recognised tag", verdict(undefined, true, { opens: false, recognised: false }), 1, 0],
    ["an attacker that opens too little", verdict(undefined, true, { opens: true, recognised: true }), 0, 1],
    ["an attacker that sees too little", verdict("hello", false, { opens: true, recognised: true }), 0, 1],
    ["an attacker that makes things up", verdict("other", true, { opens: undefined, recognised: true }), 0, 1],
    ["what may be or not", verdict("hello", true, { opens: undefined, recognised: undefined }), 0, 0],
  ])("tells: %s", (_, { violations, missed }, violated, missing) => {
    expect(violations).toHaveLength(violated);
    expect(missed).toHaveLength(missing);
  });
});
