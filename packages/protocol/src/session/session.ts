// What a conversation needs of a session, whatever its cryptography (spec §3): the static session today, the ratchet behind the same face
// later. Messages go in as bytes and come out as cells, and back. What the bytes say, where cells are pinned and when a state is stored are
// not concerns here.

import type { PublicKey } from "../agreement/key-pair.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { Cell } from "../stream/cell.ts";

/** What one encryption gives: store `session` together with `cell`, then pin the cell. */
export interface Encrypted {
  readonly session: Session;
  readonly index: number;
  readonly cell: Cell;
}

/** What one decryption gives: store `session` together with what `plaintext` causes, then show it. */
export interface Decrypted {
  readonly session: Session;
  readonly plaintext: Uint8Array;
  /** The index of the cell in the peer's stream. */
  readonly index: number;
  /** Changes to the table of watched tags. */
  readonly watch: { readonly add: readonly Uint8Array[]; readonly drop: readonly Uint8Array[] };
  /** Cells below the highest seen that have not come and are still watched. */
  readonly missing: number;
}

/** One device's end of the channel to one other device. An immutable value: every operation gives the next one and leaves this one as it is. */
export interface Session {
  /** Our device's key. */
  readonly ours: PublicKey;
  /** Their device's key. */
  readonly theirs: PublicKey;
  /** The largest plaintext in bytes. */
  readonly maxPlaintext: number;
  /**
   * Seals a message as the next cell. Called again after a conflict on the board it takes the index after: the first is burned.
   * `message/too-large`, `session/exhausted`.
   */
  encrypt(p: Primitives, plaintext: Uint8Array): Encrypted;
  /** All tags that this session waits for, with the index of their cell. Derived once and then kept. */
  watched(p: Primitives): readonly { readonly tag: Uint8Array; readonly index: number }[];
  /**
   * Opens a cell found under a watched tag. `cell/unknown-tag` for another tag or one consumed before, `cell/invalid` for a cell that does not
   * fully verify: it counts as absent, and this session stays the one to keep.
   */
  decrypt(p: Primitives, tag: Uint8Array, body: Uint8Array): Decrypted;
  /**
   * Watches further ahead (`WIDE_WINDOWS`), for a session that may have missed more than the board kept; the first cell that is opened narrows
   * it again. It lasts until then or until the session is decoded anew.
   */
  widen(p: Primitives, window: number): { readonly session: Session; readonly add: readonly Uint8Array[] };
  /** The stored form. It holds chain roots, so it belongs into a sealed store; our private key is not in it. */
  encode(): Uint8Array;
}
