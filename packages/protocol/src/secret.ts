// Key material that cannot be printed by accident.

const REDACTED = (length: number): string => `Secret(${length} bytes)`;

/** Bytes that print as `Secret(n bytes)`, refuse to become JSON and can be wiped. Takes ownership of the array it is given. */
export class Secret {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The bytes themselves, not a copy: the name makes every use of them visible in review. */
  expose(): Uint8Array {
    return this.#bytes;
  }

  /** Overwrites the bytes with zeros. Copies that a runtime made are out of reach. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return REDACTED(this.#bytes.length);
  }

  toJSON(): never {
    throw new TypeError("a Secret does not become JSON");
  }

  /** What `console.log` and test diffs show in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED(this.#bytes.length);
  }
}
