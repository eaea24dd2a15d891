import { describe, expect, test } from "vitest";
import { Emitter } from "./emitter.ts";
import { MessengerError } from "./errors.ts";

const connection = { state: "offline", reason: "closed" } as const;

describe("events", () => {
  test("reach listeners in order, until they leave or their signal is given", () => {
    const events = new Emitter();
    const heard: string[] = [];
    const stop = new AbortController();
    const leave = events.on("connection", () => heard.push("one"));
    events.on("connection", () => heard.push("two"), { signal: stop.signal });
    events.emit("connection", connection);
    leave();
    events.emit("connection", connection);
    stop.abort();
    events.emit("connection", connection);
    events.on("connection", () => heard.push("too late"), { signal: stop.signal });
    events.emit("connection", connection);
    expect(heard).toEqual(["one", "two", "two"]);
  });

  test("that break a listener are reported, and an error listener that breaks ends there", () => {
    const events = new Emitter();
    const reported: string[] = [];
    events.on("connection", () => {
      throw new Error("planted");
    });
    events.on("error", ({ code }) => {
      reported.push(code);
      throw new Error("planted again");
    });
    events.emit("connection", connection);
    events.emit("error", new MessengerError("closed", {}));
    expect(reported).toEqual(["internal", "closed"]);
  });
});
