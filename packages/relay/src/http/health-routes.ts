// Whether the relay lives (`/healthz`) and whether it can do its work now (`/readyz`: the board answers, and it is not stopping).

import { WHOLE_BOARD, WireError } from "@sotto/wire";
import type { Store } from "../store/store.ts";
import type { Answer } from "./answer.ts";
import type { Route } from "./routes.ts";

export function healthRoutes(store: Store, isStopping: () => boolean): Route[] {
  return [
    { path: "/healthz", methods: { GET: async () => text("ok") } },
    {
      path: "/readyz",
      methods: {
        GET: async () => {
          if (isStopping()) throw new WireError("relay/stopping", "the relay is stopping");
          await store.state(WHOLE_BOARD);
          return text("ready");
        },
      },
    },
  ];
}

function text(body: string): Answer {
  return { status: 200, headers: { "content-type": "text/plain", "cache-control": "no-store" }, body: Buffer.from(`${body}\n`) };
}
