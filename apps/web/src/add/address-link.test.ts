import { expect, test } from "vitest";
import { addressIn, addressLink } from "./address-link.ts";

test.each([["sotto1qxyz"], ["@alice"]])("a link to %s leads back to it", (who) => {
  expect(addressIn(addressLink("https://relay.example", who))).toBe(who);
});

test.each([
  [" alice ", "@alice"],
  ["Alice", "@alice"],
  ["@alice", "@alice"],
  ["sotto1qxyz", "sotto1qxyz"],
  ["not an address", "not an address"],
  ["https://relay.example/#/i/secret", "https://relay.example/#/i/secret"],
])("%j means %j", (text, who) => {
  expect(addressIn(text)).toBe(who);
});
