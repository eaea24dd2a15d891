import { describe, expect, test } from "vitest";
import { sleep, systemClock } from "./clock.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

describe("a virtual clock", () => {
  test("runs what falls due in the order of time, at its time, and nothing that was cancelled", async () => {
    const clock = new VirtualClock(1000);
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`);
    clock.after(30, note("late"));
    clock.after(10, note("early"));
    clock.after(10, note("early too"));
    const cancel = clock.after(20, note("never"));
    clock.after(10, () => clock.after(5, note("from inside")));
    cancel();
    expect(clock.next).toBe(10);
    await clock.advance(29);
    expect(ran).toEqual(["early at 1010", "early too at 1010", "from inside at 1015"]);
    await clock.advance(1);
    expect(ran.at(-1)).toBe("late at 1030");
    expect([clock.pending, clock.next, clock.now()]).toEqual([0, undefined, 1030]);
  });
});

describe("sleeping", () => {
  test("ends in time, or at once when it is cancelled, and leaves nothing", async () => {
    const clock = new VirtualClock();
    let slept = false;
    const sleeping = sleep(clock, 100).then(() => (slept = true));
    await clock.advance(99);
    expect(slept).toBe(false);
    await clock.advance(1);
    await sleeping;

    const stop = new AbortController();
    const cancelled = sleep(clock, 100, stop.signal);
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "aborted" });
    await expect(sleep(clock, 100, stop.signal)).rejects.toMatchObject({ code: "aborted" });
    expect(clock.pending).toBe(0);
  });

  test("works on the system's clock", async () => {
    const before = systemClock.now();
    await sleep(systemClock, 0);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    systemClock.after(0, () => expect.unreachable())();
  });
});
