// The network of the platform: `fetch` and `WebSocket` as browsers and Node have them. Not a concern here: what is said over them.

import type { Transport } from "../api.ts";

/** The globals of the platform. */
export const platformTransport: Transport = {
  fetch: (url, init) => fetch(url, init),
  webSocket: (url) => new WebSocket(url),
};
