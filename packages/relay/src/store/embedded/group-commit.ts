// Group commit: what comes while the disk is busy waits, and is then committed together, so that a sync is paid once for all of it; the group
// grows by itself while the disk is slow. Takes items one by one, gives each its result when its group is on disk.
// Not its concern: what an item is, how many may wait.

/** How a kind of items is committed. */
export interface Group<Item, Result> {
  /** Resolves with a result per item, in order, after all of them are safe; rejects when none is. */
  commit(items: readonly Item[]): Promise<readonly Result[]>;
  /** A group ends before the item that would bring it beyond this weight. */
  readonly most: number;
  weight(item: Item): number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Items on their way to the disk. */
export class GroupCommit<Item, Result> {
  readonly #group: Group<Item, Result>;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #idle: Promise<void> | undefined;

  constructor(group: Group<Item, Result>) {
    this.#group = group;
  }

  /** Resolves with the item's result when it is on disk; rejects with the group's error. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#idle ??= this.#commitWaiting();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#idle;
  }

  async #commitWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        const results = await this.#group.commit(group.map(({ item }) => item));
        for (const [i, { resolve }] of group.entries()) resolve(results[i] as Result);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#idle = undefined;
  }

  #takeGroup(): Waiting<Item, Result>[] {
    let weight = 0;
    let count = 0;
    for (const { item } of this.#waiting) {
      weight += this.#group.weight(item);
      if (count > 0 && weight > this.#group.most) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
