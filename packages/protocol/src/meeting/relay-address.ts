// Addresses of relays as cards and invites carry them. Only their form is checked here, without a URL parser: `protocol` has none, and what
// the client's parser makes of an accepted text is decided there.

import { MAX_RELAY_LENGTH, MAX_RELAYS, MAX_RELAYS_LENGTH } from "../limits.ts";

// Scheme, host (name, IPv4, or IPv6 in brackets), port, path. No user, query or fragment: nothing that a card could make us send.
const FORM = /^https?:\/\/(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~/-]*)?$/;

/** Why a text is no relay's address, or `undefined` when it is one: `http(s)://host[:port][/path]`, lower-case, at most 255 bytes. */
export function relayProblem(relay: string): string | undefined {
  if (relay.length > MAX_RELAY_LENGTH) return `is longer than ${MAX_RELAY_LENGTH} bytes`;
  if (!FORM.test(relay)) return "is not of the form http(s)://host[:port][/path]";
  return undefined;
}

/** Why these are not the relays of an account, or `undefined` when they are: 1 to 4 addresses, none twice, at most 510 bytes together. */
export function relaysProblem(relays: readonly string[]): string | undefined {
  if (relays.length < 1 || relays.length > MAX_RELAYS) return `are not 1 to ${MAX_RELAYS}`;
  if (new Set(relays).size !== relays.length) return "name one of them twice";
  if (relays.reduce((sum, relay) => sum + relay.length, 0) > MAX_RELAYS_LENGTH) return `have more than ${MAX_RELAYS_LENGTH} bytes`;
  for (const relay of relays) {
    const problem = relayProblem(relay);
    if (problem !== undefined) return `have an address that ${problem}`;
  }
  return undefined;
}
