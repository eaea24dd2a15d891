// A relay's address in its two forms. Takes what a person, a card or an invite says; gives the base for HTTP and for WebSocket.

import { MessengerError } from "../errors.ts";

const schemes: Readonly<Record<string, readonly [http: string, webSocket: string]>> = {
  "https:": ["https:", "wss:"],
  "wss:": ["https:", "wss:"],
  "http:": ["http:", "ws:"],
  "ws:": ["http:", "ws:"],
};

/** `https://host[:port][/path]`, no trailing slash, from `http(s)://` or `ws(s)://`. Fails with `argument/invalid`. */
export function httpBase(relay: string | URL): string {
  const { url, http } = parsed(relay);
  return `${http}//${url.host}${withoutSlash(url.pathname)}`;
}

/** `wss://host[:port][/path]` from the same. Fails with `argument/invalid`. */
export function webSocketBase(relay: string | URL): string {
  const { url, webSocket } = parsed(relay);
  return `${webSocket}//${url.host}${withoutSlash(url.pathname)}`;
}

function parsed(relay: string | URL): { url: URL; http: string; webSocket: string } {
  let url: URL;
  try {
    url = new URL(relay);
  } catch (cause) {
    throw new MessengerError("argument/invalid", { reason: "the relay's address is no URL" }, { cause });
  }
  const scheme = schemes[url.protocol];
  if (scheme === undefined) {
    throw new MessengerError("argument/invalid", { reason: "a relay's address begins with https://, http://, wss:// or ws://" });
  }
  return { url, http: scheme[0], webSocket: scheme[1] };
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
