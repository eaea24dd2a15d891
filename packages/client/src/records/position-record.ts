// How far the board of one relay was read, as stored, and where it has to be read again.

import { plainKind } from "../engine/table.ts";
import type { BoardPosition } from "../relay/feed.ts";

/** A place on the board of a relay. */
export interface PositionRecord extends BoardPosition {
  readonly relay: string;
  /** What the board has after this cursor, at or before that of the position, is to be read again, so many times at most. */
  readonly again?: { readonly after: number; readonly times: number };
  /** The newest cursor that was read: what comes from before it comes late. */
  readonly newest: number;
  /** Everything that was pinned before this moment has been looked over, ms. */
  readonly from: number;
  /** How often the board was read again for the segment that is looked over next. */
  readonly times: number;
  /** Cursors of the first contacts that came in and were not looked over yet, the newest 512. */
  readonly met: readonly number[];
}

export const positionKind = plainKind<PositionRecord>("positions", (record) => record.relay);
