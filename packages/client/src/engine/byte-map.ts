// Values by byte strings that are random from the first byte on, as tags are: found by their first four bytes, then compared. A table of a
// million tags is looked into for every cell of a board, mostly in vain, and that must not cost a string each. Not for keys that somebody
// chooses: who can make many with one beginning makes it slow.

import { compareBytes } from "@sotto/protocol";

/** Keys of one beginning: a chain, nearly always of one. */
interface Entry<V> {
  readonly key: Uint8Array;
  readonly value: V;
  readonly rest: Entry<V> | undefined;
}

/** A map whose keys are byte strings of at least four bytes; they are kept, not copied. */
export class ByteMap<V> {
  readonly #entries = new Map<number, Entry<V>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: Uint8Array): V | undefined {
    return find(this.#entries.get(beginning(key)), key)?.value;
  }

  has(key: Uint8Array): boolean {
    return find(this.#entries.get(beginning(key)), key) !== undefined;
  }

  set(key: Uint8Array, value: V): void {
    this.delete(key);
    const hash = beginning(key);
    this.#entries.set(hash, { key, value, rest: this.#entries.get(hash) });
    this.#size++;
  }

  delete(key: Uint8Array): void {
    const hash = beginning(key);
    const chain = this.#entries.get(hash);
    if (find(chain, key) === undefined) return;
    const left = without(chain, key);
    if (left === undefined) this.#entries.delete(hash);
    else this.#entries.set(hash, left);
    this.#size--;
  }

  /** Keys and values, in no order that means anything. */
  *[Symbol.iterator](): IterableIterator<readonly [Uint8Array, V]> {
    for (const chain of this.#entries.values()) {
      for (let entry: Entry<V> | undefined = chain; entry !== undefined; entry = entry.rest) yield [entry.key, entry.value];
    }
  }
}

function beginning(key: Uint8Array): number {
  return ((key[0] as number) << 24) | ((key[1] as number) << 16) | ((key[2] as number) << 8) | (key[3] as number);
}

function find<V>(chain: Entry<V> | undefined, key: Uint8Array): Entry<V> | undefined {
  let entry = chain;
  while (entry !== undefined && compareBytes(entry.key, key) !== 0) entry = entry.rest;
  return entry;
}

function without<V>(chain: Entry<V> | undefined, key: Uint8Array): Entry<V> | undefined {
  if (chain === undefined) return undefined;
  return compareBytes(chain.key, key) === 0 ? chain.rest : { ...chain, rest: without(chain.rest, key) };
}
