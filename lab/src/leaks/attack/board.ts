// The relay's full log, as an attacker searches it: by tag, and along a stream whose root is known.

import { type Cell, type CellAddress, type Primitives, ProtocolError, Secret, cellAddresses, openCell } from "@sotto/protocol";

/** A cell that was found and its envelope opened; what is inside may still be encrypted. */
export interface FoundCell {
  readonly number: number;
  readonly index: number;
  readonly kind: string;
  readonly payload: Uint8Array;
}

/** Indexes of a stream that are tried beyond the last one found. */
const PATIENCE = 128;

const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The log, by tag. */
export class Board {
  readonly cells: readonly Cell[];
  readonly #byTag: ReadonlyMap<string, number>;

  constructor(cells: readonly Cell[]) {
    this.cells = cells;
    this.#byTag = new Map(cells.map(({ tag }, number) => [key(tag), number]));
  }

  /** The cell at an address, if there is one that opens under it. */
  at(p: Primitives, address: CellAddress, index: number): FoundCell | undefined {
    const number = this.#byTag.get(key(address.tag));
    if (number === undefined) return undefined;
    try {
      return { number, index, ...openCell(p, address, (this.cells[number] as Cell).body) };
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  /** Every cell of the stream with this root. */
  along(p: Primitives, root: Uint8Array): FoundCell[] {
    const found: FoundCell[] = [];
    for (let from = 0; from <= (found.at(-1)?.index ?? -1) + 1; from += PATIENCE) {
      const addresses = cellAddresses(p, new Secret(root.slice()), from, PATIENCE);
      found.push(...addresses.flatMap((address, i) => this.at(p, address, from + i) ?? []));
    }
    return found;
  }
}
