import { describe, expect, test } from "vitest";
import { relayProblem } from "./relay-address.ts";

describe("relay addresses", () => {
  test.each([
    "http://localhost:8080",
    "http://localhost:8080/",
    "https://relay.example",
    "https://relay.example/some/path_1",
    "http://192.168.1.7:80",
    "http://[::1]:8080",
    "https://xn--bcher-kva.example",
    `http://${"a".repeat(56)}.onion`,
    "http://relay_1:8080",
    `https://${"r".repeat(255 - 8)}`,
  ])("%s is one", (relay) => {
    expect(relayProblem(relay)).toBeUndefined();
  });

  test.each([
    "",
    "relay.example",
    "ws://relay.example",
    "javascript:alert(1)",
    "https://",
    "https://user:secret@relay.example",
    "https://relay.example?x=1",
    "https://relay.example/#x",
    "https://relay.example\n",
    " https://relay.example",
    "https://Relay.example",
    "https://bücher.example",
    "https://relay.example:123456",
    "https://relay.example/a b",
    "https://-relay.example",
    `https://${"r".repeat(255 - 7)}`,
  ])("%j is none", (relay) => {
    expect(relayProblem(relay)).toBeTypeOf("string");
  });
});
