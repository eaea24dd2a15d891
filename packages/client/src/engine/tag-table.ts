// Which of the board's cells are ours: from a tag to what it opens. Derived from the other records when an account is opened, never
// stored. Takes tags of 16 bytes; gives targets. Not a concern here: opening cells, addresses of strangers (known by prefix only).

import type { ContactId } from "../api.ts";
import { ByteMap } from "./byte-map.ts";

/** What a watched tag opens. */
export type Target =
  /** The next cells of a session, by its name. */
  | { readonly kind: "session"; readonly device: string }
  /** A claim slot of an invite of mine. */
  | { readonly kind: "claim"; readonly invite: string; readonly slot: number }
  /** The lane on which an account's new devices introduce themselves: a contact's or my own; `root` of its addresses, 32 bytes. */
  | { readonly kind: "introduction"; readonly account: ContactId; readonly root: Uint8Array; readonly index: number };

/** The committed table. */
export class TagTable {
  readonly #targets = new ByteMap<Target>();

  get(tag: Uint8Array): Target | undefined {
    return this.#targets.get(tag);
  }

  get size(): number {
    return this.#targets.size;
  }

  /** A view that can be changed without changing the table. */
  draft(): TagDraft {
    return new TagDraft(this.#targets);
  }
}

/** The table as one transaction sees it. */
export class TagDraft {
  readonly #targets: ByteMap<Target>;
  readonly #changes = new ByteMap<Target | undefined>();

  constructor(targets: ByteMap<Target>) {
    this.#targets = targets;
  }

  get(tag: Uint8Array): Target | undefined {
    return this.#changes.has(tag) ? this.#changes.get(tag) : this.#targets.get(tag);
  }

  watch(tag: Uint8Array, target: Target): void {
    this.#changes.set(tag, target);
  }

  unwatch(tag: Uint8Array): void {
    this.#changes.set(tag, undefined);
  }

  /** Makes the changes the committed state. */
  apply(): void {
    for (const [tag, target] of this.#changes) {
      if (target === undefined) this.#targets.delete(tag);
      else this.#targets.set(tag, target);
    }
  }
}
