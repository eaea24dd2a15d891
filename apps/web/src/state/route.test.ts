import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatRoute, parseRoute, type Route } from "./route.ts";

const places: Route[] = [
  { at: "chats" },
  { at: "chat", id: "a/b c%" },
  { at: "chat", id: "x", about: true },
  { at: "add", tab: "find" },
  { at: "settings", page: "main" },
  { at: "settings", page: "link" },
  { at: "requests" },
  { at: "archive" },
  { at: "join" },
  { at: "restore" },
  { at: "address", who: "@alice" },
];

describe("places", () => {
  test.each(places)("%o survives the address bar", (place) => {
    expect(parseRoute(`https://relay.example/${formatRoute(place)}`)).toEqual(place);
  });

  test("an invite keeps its whole link, secret included", () => {
    const link = "https://relay.example/#/i/AbC_-9";
    expect(parseRoute(link)).toEqual({ at: "invited", text: link });
  });

  test("an invite without a secret, an unknown tab and a broken escape lead somewhere sensible", () => {
    expect(parseRoute("https://relay.example/#/i/")).toEqual({ at: "chats" });
    expect(parseRoute("https://relay.example/#/add/nothing")).toEqual({ at: "add", tab: "invite" });
    expect(parseRoute("https://relay.example/#/c/%E0%A4")).toEqual({ at: "chats" });
  });

  test("no text in the bar throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseRoute(text).at === "string"));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseRoute(`#/${text}`).at === "string"));
  });
});
