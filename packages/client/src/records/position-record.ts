// How far the board was read, as stored, and where it has to be read again.

import { plainKind } from "../engine/table.ts";
import type { BoardPosition } from "../relay/feed.ts";

/** The one key of the table. */
export const POSITION = "position";

/** How far the board was read. */
export interface PositionRecord extends BoardPosition {
  /** A cursor before it: what the board has after that one is to be read again. */
  readonly again?: number;
}

export const positionKind = plainKind<PositionRecord>("position", () => POSITION);
