// A relay that passes over cells for good: what comes to somebody while it does so is never given to them, however often they ask.

import { decodeLiveEvent, encodeLiveEvent } from "@sotto/wire";
import type { Person } from "./world.ts";

/** Passes over all that comes to a person from now on. Gives the function that ends this; what was passed over stays so. */
export function passOver({ network }: Pick<Person, "network">): () => number {
  const gone = new Set<number>();
  let on = true;
  network.twist = (frame) => {
    const event = decodeLiveEvent(frame);
    if (event.t !== "cells") return [frame];
    if (on) for (const { cursor } of event.cells) gone.add(cursor);
    const cells = event.cells.filter(({ cursor }) => !gone.has(cursor));
    return cells.length === 0 ? [] : [encodeLiveEvent({ ...event, cells })];
  };
  return () => {
    on = false;
    return gone.size;
  };
}
