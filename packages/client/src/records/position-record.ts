// How far the board was read, as stored.

import { plainKind } from "../engine/table.ts";
import type { BoardPosition } from "../relay/feed.ts";

/** The one key of the table. */
export const POSITION = "position";

export const positionKind = plainKind<BoardPosition>("position", () => POSITION);
