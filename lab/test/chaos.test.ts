// A short life in one process in every test run, by a clock that jumps. The long ones, and those of real processes, run by `npm run chaos`.

import { expect, it } from "vitest";
import { simulatedChaos } from "../src/chaos/run.ts";

it("three people with two devices each lose, repeat and reorder nothing, whatever breaks", { timeout: 180_000 }, async () => {
  const { findings, promised, deviceKills, faults } = await simulatedChaos({ seed: 412, liveMs: 40_000 });
  expect(findings).toEqual([]);
  // The seed means another life after every change of the code: any life has several times as much.
  expect([promised > 20, deviceKills > 3, faults.size > 10]).toEqual([true, true, true]);
});
