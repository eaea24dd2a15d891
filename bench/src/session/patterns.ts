// The patterns of the race: what a contender does with a pair of devices. Not a concern here: where it runs (session.ts, ../browser).

import { type Contender, seconds } from "../measure.ts";
import type { Pair, Peer } from "./peer.ts";

/** `one-way`: one device sends all. `ping-pong`: each answers the other, so that every message begins a new chain. */
export type Pattern = "setup" | "one-way" | "ping-pong";

/** A library in a pattern: a run is `count` units; `stored`: its state is written out and read back at every message. */
export function contender(peer: Peer, pattern: Pattern, stored: boolean, count: number): Contender {
  const meet = (): Promise<Pair> | Pair => (stored ? peer.meetStored() : peer.meet());
  return {
    name: peer.name,
    count,
    async run(units) {
      if (pattern === "setup") {
        return seconds(async () => {
          for (let i = 0; i < units; i++) await meet();
        });
      }
      const pair = await meet();
      await pair.send(1);
      await pair.send(0);
      return seconds(async () => {
        for (let i = 0; i < units; i++) {
          const sent = pair.send(pattern === "one-way" ? 0 : i % 2 === 0 ? 1 : 0);
          if (typeof sent !== "number") await sent;
        }
      });
    },
  };
}
