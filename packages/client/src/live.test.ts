import { describe, expect, test } from "vitest";
import { LiveValue } from "./live.ts";

describe("a live value", () => {
  test("calls with what it holds at once, then with what it becomes, and not twice with the same", () => {
    const value = new LiveValue(1);
    const seen: number[] = [];
    const leave = value.subscribe((one) => seen.push(one));
    value.set(2);
    value.set(2);
    leave();
    value.set(3);
    expect([seen, value.get()]).toEqual([[1, 2], 3]);
  });

  test("keeps two subscriptions of one function apart", () => {
    const value = new LiveValue("a");
    const seen: string[] = [];
    const listener = (one: string): unknown => seen.push(one);
    const leave = value.subscribe(listener);
    value.subscribe(listener);
    leave();
    value.set("b");
    expect(seen).toEqual(["a", "a", "b"]);
  });

  test("calls everybody although one throws, and then throws that", () => {
    const value = new LiveValue(0);
    const seen: number[] = [];
    let armed = false;
    value.subscribe(() => {
      if (armed) throw new Error("planted");
    });
    value.subscribe((one) => seen.push(one));
    armed = true;
    expect(() => value.set(1)).toThrow("planted");
    expect(seen).toEqual([0, 1]);
  });

  test("takes what is equal for the same", () => {
    const value = new LiveValue({ name: "a" }, (a, b) => a.name === b.name);
    const first = value.get();
    value.set({ name: "a" });
    expect(value.get()).toBe(first);
  });
});
