// A relay's address in its two forms. Takes what a person or an invite says; gives the origin for HTTP and for WebSocket.

import { MessengerError } from "../errors.ts";

/** `https://relay.example` (no path, no trailing slash) from `http(s)://` or `ws(s)://`. Fails with `argument/invalid`. */
export function httpOrigin(relay: string | URL): string {
  return `${secure(relay) ? "https" : "http"}://${parsed(relay).host}`;
}

/** `wss://relay.example` from the same. Fails with `argument/invalid`. */
export function webSocketOrigin(relay: string | URL): string {
  return `${secure(relay) ? "wss" : "ws"}://${parsed(relay).host}`;
}

function secure(relay: string | URL): boolean {
  switch (parsed(relay).protocol) {
    case "https:":
    case "wss:":
      return true;
    case "http:":
    case "ws:":
      return false;
    default:
      throw new MessengerError("argument/invalid", { reason: "a relay's address begins with https://, http://, wss:// or ws://" });
  }
}

function parsed(relay: string | URL): URL {
  try {
    return new URL(relay);
  } catch (cause) {
    throw new MessengerError("argument/invalid", { reason: "the relay's address is no URL" }, { cause });
  }
}
