// A relay's board as pairing sees it: write-once cells under tags, and everything that was ever written. For tests.

import { equalBytes } from "../../src/bytes.ts";
import type { Cell } from "../../src/stream/cell.ts";

/** Cells by tag; the first one stays. */
export class Board {
  readonly cells: Cell[] = [];

  append(cell: Cell): "stored" | "duplicate" | "conflict" {
    const there = this.find(cell.tag);
    if (there !== undefined) return equalBytes(there.body, cell.body) ? "duplicate" : "conflict";
    this.cells.push(cell);
    return "stored";
  }

  find(tag: Uint8Array): Cell | undefined {
    return this.cells.find((cell) => equalBytes(cell.tag, tag));
  }
}
