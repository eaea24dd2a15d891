// How far the board of one relay was read, as stored, and where it has to be read again.

import { plainKind } from "../engine/table.ts";
import type { BoardPosition } from "../relay/feed.ts";

/** A place on the board of a relay. */
export interface PositionRecord extends BoardPosition {
  readonly relay: string;
  /** A cursor before it: what the board has after that one is to be read again. */
  readonly again?: number;
}

export const positionKind = plainKind<PositionRecord>("positions", (record) => record.relay);
