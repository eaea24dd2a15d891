// Every rate of the relay, by client address. Throws `relay/rate-limited` with the seconds to wait; what can be answered with less is not refused.

import { type AppendRecord, toHex, WireError } from "@sotto/wire";
import type { Limits, Rate } from "../limits.ts";
import { TokenBuckets } from "./token-buckets.ts";

/** The rates of all clients. */
export class Rates {
  readonly #now: () => number;
  readonly #cells: TokenBuckets;
  readonly #cellsOverDays: TokenBuckets;
  readonly #tagPrefixes: TokenBuckets;
  readonly #reads: TokenBuckets;
  readonly #prekeys: TokenBuckets;
  readonly #prekeysPerAccount: TokenBuckets;
  readonly #directoryWrites: TokenBuckets;
  readonly #blobBytes: TokenBuckets;

  constructor(limits: Limits, now: () => number) {
    const buckets = (rate: Rate): TokenBuckets => new TokenBuckets(rate, limits.rememberedRates);
    this.#now = now;
    this.#cells = buckets(limits.cells);
    this.#cellsOverDays = buckets(limits.cellsOverDays);
    this.#tagPrefixes = buckets(limits.cellsPerTagPrefix);
    this.#reads = buckets(limits.reads);
    this.#prekeys = buckets(limits.prekeys);
    this.#prekeysPerAccount = buckets(limits.prekeysPerAccount);
    this.#directoryWrites = buckets(limits.directoryWrites);
    this.#blobBytes = buckets(limits.blobBytes);
  }

  /** Cells from one address, and those among them whose tags begin alike. */
  append(address: string, records: readonly AppendRecord[]): void {
    this.#take(this.#cells, address, records.length, "cells");
    this.#take(this.#cellsOverDays, address, records.length, "cells in these days");
    for (const { tag } of records) this.#take(this.#tagPrefixes, `${address} ${toHex(tag.subarray(0, 8))}`, 1, "cells for this address");
  }

  read(address: string): void {
    this.#take(this.#reads, address, 1, "requests");
  }

  /** Whether an address may be given one-time prekeys of an account. Its own rate comes first: who is over it uses up no account's. */
  mayTakePrekeys(address: string, account: Uint8Array): boolean {
    const now = this.#now();
    return this.#prekeys.take(address, 1, now) === 0 && this.#prekeysPerAccount.take(toHex(account), 1, now) === 0;
  }

  directoryWrite(address: string): void {
    this.#take(this.#directoryWrites, address, 1, "records");
  }

  blobBytes(address: string, bytes: number): void {
    this.#take(this.#blobBytes, address, bytes, "bytes of blobs");
  }

  #take(buckets: TokenBuckets, key: string, tokens: number, what: string): void {
    const wait = buckets.take(key, tokens, this.#now());
    if (wait > 0) throw new WireError("relay/rate-limited", `too many ${what} from this network address`, { retryAfter: wait });
  }
}
