// Records of one kind, all kept in memory and written through to the sealed store: committed rows (Table) and what one transaction wants
// to change of them (Draft). Takes plain records; gives them back, and the store's changes of a draft. Records are values: never changed
// in place. Not a concern here: when a draft is committed, what records mean.

import type { Change, SealedStore } from "../storage/sealed-store.ts";

/** How records of one kind are named, and how they are written where they hold more than plain values. */
export interface RecordKind<V> {
  readonly table: string;
  /** The record's name within its table. */
  key(record: V): string;
  /** A damaged record counts as one that is not there: what depends on it is mended. */
  readonly mendable?: boolean;
  encode(record: V): unknown;
  decode(stored: unknown): V;
}

/** A kind whose records are plain values as they are: strings, numbers, booleans, null, byte strings, lists and objects of those. */
export function plainKind<V>(table: string, key: (record: V) => string): RecordKind<V> {
  return { table, key, encode: (record) => record, decode: (stored) => stored as V };
}

const text = new TextEncoder();

/** What is committed. */
export class Table<V> {
  readonly kind: RecordKind<V>;
  readonly #rows = new Map<string, V>();

  constructor(kind: RecordKind<V>) {
    this.kind = kind;
  }

  /** Reads every record of this kind. `storage/corrupt`. */
  async load(store: SealedStore): Promise<void> {
    const { table, mendable = false } = this.kind;
    for await (const [, stored] of store.scan(table, { skipDamaged: mendable })) {
      try {
        const record = this.kind.decode(stored);
        this.#rows.set(this.kind.key(record), record);
      } catch (error) {
        if (!mendable) throw error;
      }
    }
  }

  get(key: string): V | undefined {
    return this.#rows.get(key);
  }

  values(): IterableIterator<V> {
    return this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** A view of this table that can be changed without changing the table. */
  draft(): Draft<V> {
    return new Draft(this);
  }

  /** Makes a draft's changes the committed state. The store has them already. */
  apply(changes: ReadonlyMap<string, V | undefined>): void {
    for (const [key, record] of changes) {
      if (record === undefined) this.#rows.delete(key);
      else this.#rows.set(key, record);
    }
  }
}

/** A table as one transaction sees it: committed rows below, its own changes above. */
export class Draft<V> {
  readonly #table: Table<V>;
  readonly #changes = new Map<string, V | undefined>();

  constructor(table: Table<V>) {
    this.#table = table;
  }

  get(key: string): V | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#table.get(key);
  }

  put(record: V): void {
    this.#changes.set(this.#table.kind.key(record), record);
  }

  delete(key: string): void {
    this.#changes.set(key, undefined);
  }

  /** Every record as this transaction sees it, in no order that means anything. */
  *values(): IterableIterator<V> {
    for (const record of this.#table.values()) {
      if (!this.#changes.has(this.#table.kind.key(record))) yield record;
    }
    for (const record of this.#changes.values()) if (record !== undefined) yield record;
  }

  get table(): string {
    return this.#table.kind.table;
  }

  /** What was put, by key; `undefined`: deleted. */
  get rows(): ReadonlyMap<string, V | undefined> {
    return this.#changes;
  }

  /** Keys that were put or deleted. */
  get touched(): ReadonlySet<string> {
    return new Set(this.#changes.keys());
  }

  /** What the store has to write. */
  changes(store: SealedStore): Change[] {
    const { table, encode } = this.#table.kind;
    return [...this.#changes].map(([key, record]) => {
      const stored = { table, key: store.opaque(text.encode(key)) };
      return record === undefined ? { ...stored, deleted: true as const } : { ...stored, value: encode(record) };
    });
  }

  /** Makes the changes the committed state; only after the store wrote them. */
  apply(): void {
    this.#table.apply(this.#changes);
  }
}
