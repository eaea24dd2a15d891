// Where a board ends now: found once, before anybody is told to write there. Not a concern here: reading on (feed.ts).

import { WHOLE_BOARD } from "@sotto/wire";
import type { Cancellable, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { MessengerError } from "../errors.ts";
import { type BoardPosition, startFeed } from "./feed.ts";
import { untilAborted } from "../engine/until.ts";

/** The end of a relay's board. `relay/unreachable`, what else the relay may say, `aborted`. */
export async function findBoardEnd(
  { relay, transport, clock }: { readonly relay: string; readonly transport: Transport; readonly clock: Clock },
  { signal }: Cancellable = {},
): Promise<BoardPosition> {
  return await untilAborted<BoardPosition>(signal, (resolve, reject) => {
    const feed = startFeed({
      relay,
      transport,
      clock,
      shard: WHOLE_BOARD,
      after: "now",
      listener: {
        onCells: async () => undefined,
        onLive: resolve,
        onError: reject,
        onConnection(connection) {
          const failed = connection.state === "connecting" ? connection.retryAt !== undefined : connection.state !== "online";
          if (failed) reject(new MessengerError("relay/unreachable", { relay }));
        },
      },
    });
    return () => void feed.stop();
  });
}
