// Frames of cells, encoded once for many readers: a new cell goes to every reader of its shard, and most of them use the same subscription id.

import { encodeLiveCells } from "@sotto/wire";

/** Remembers the frames of the run that was encoded last. */
export class CellFrames {
  #run: Uint8Array | undefined;
  readonly #frames = new Map<number, Uint8Array>();

  /** The frame of `run` (1 to 64 pinned cells) for subscription `id`. */
  of(id: number, run: Uint8Array): Uint8Array {
    if (!isSameView(this.#run, run)) {
      this.#run = run;
      this.#frames.clear();
    }
    const known = this.#frames.get(id);
    if (known !== undefined) return known;
    const frame = encodeLiveCells(id, run);
    this.#frames.set(id, frame);
    return frame;
  }
}

/** Whether both look at the same bytes of memory, not just at equal ones. */
function isSameView(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;
}
