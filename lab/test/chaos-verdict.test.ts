// The verdict of chaos sees what was planted, and nothing where nothing is.

import { expect, it } from "vitest";
import { type AccountView, type Holding, judge, type Outcome, type Send, type Showing } from "../src/chaos/verdict.ts";

const DEVICES = ["Alice1", "Alice2", "Bob1"] as const;
const TALK = "Alice and Bob";

const send = (number: number, device: string, promised = true): Send => ({ number, conversation: TALK, device, promised });
/** Alice's phone writes 0 and 2, Bob's 1, and 3 was cut off before anything was stored. */
const sends = [send(0, "Alice1"), send(1, "Bob1"), send(2, "Alice1"), send(3, "Alice1", false)];

/** Everybody has 0, 1, 2; but for what is said of Bob's phone, and of Alice's laptop. */
function outcome(planted: { bob?: readonly number[]; bobShows?: readonly number[]; laptop?: string } = {}): Outcome {
  const all = [0, 1, 2];
  const histories: Record<string, readonly number[]> = { Bob1: planted.bob ?? all };
  const holdings = DEVICES.map((device): Holding => ({ device, conversation: TALK, history: histories[device] ?? all }));
  const shows = (device: string): readonly number[] => (device === "Bob1" ? (planted.bobShows ?? planted.bob ?? all) : all);
  const showings = DEVICES.map((device): Showing => ({ device, numbers: shows(device) }));
  const views = DEVICES.map((device): AccountView => {
    const digest = device === "Alice2" ? (planted.laptop ?? "same") : "same";
    return { person: device.slice(0, -1), device, digest };
  });
  return { sends, holdings, showings, views };
}

it("finds nothing when everybody has everything once, in one order", () => {
  expect(judge(outcome())).toEqual([]);
});

it.each<[string, Parameters<typeof outcome>[0], { kind: string; device: string; number?: number }]>([
  ["a promised message that is not there", { bob: [0, 2] }, { kind: "lost", device: "Bob1", number: 1 }],
  ["one that is held and was never shown", { bobShows: [0, 2] }, { kind: "lost", device: "Bob1", number: 1 }],
  ["one that is there twice", { bob: [0, 1, 2, 1], bobShows: [0, 1, 2] }, { kind: "repeated", device: "Bob1", number: 1 }],
  ["one that was shown twice", { bobShows: [0, 1, 1, 2] }, { kind: "repeated", device: "Bob1", number: 1 }],
  ["one sender's messages in another order", { bob: [2, 1, 0] }, { kind: "out of order", device: "Bob1", number: 0 }],
  ["two senders' messages in another order", { bob: [1, 0, 2] }, { kind: "out of order", device: "Bob1", number: 1 }],
  ["one that nobody sent", { bob: [0, 1, 2, -1] }, { kind: "strayed", device: "Bob1", number: -1 }],
  ["own devices that disagree", { laptop: "other" }, { kind: "unequal", device: "Alice2" }],
])("finds %s", (_, planted, finding) => {
  expect(judge(outcome(planted))).toContainEqual(expect.objectContaining(finding));
});

it("finds a message that was not promised and reached only some", () => {
  const findings = judge(outcome({ bob: [0, 1, 2, 3] }));
  expect(findings.map(({ kind, device, number }) => [kind, device, number])).toEqual([
    ["lost", "Alice1", 3],
    ["lost", "Alice2", 3],
  ]);
});
