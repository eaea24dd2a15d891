// Directory records and handles in the embedded store's file. Runs in the store's worker; compares and writes in one transaction.
// Not its concern: signatures; which record wins (directory/merge.ts); which prekey is handed out (directory/one-time-prekeys.ts).

import { randomInt } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type FoundBundle, type FoundRecord, WireError } from "@sotto/wire";
import type { Limits } from "../../limits.ts";
import { type HeldRecord, mergeRecord } from "../../directory/merge.ts";
import { handOut } from "../../directory/one-time-prekeys.ts";
import type { VerifiedBundle, VerifiedClaim, VerifiedRecord } from "../store.ts";
import { rollBack } from "./cells.ts";

/** The directory's tables. */
export class RecordTable {
  readonly #db: DatabaseSync;
  readonly #limits: Pick<Limits, "accounts" | "handlesPerAccount">;

  constructor(db: DatabaseSync, limits: Pick<Limits, "accounts" | "handlesPerAccount">) {
    this.#db = db;
    this.#limits = limits;
  }

  putRecord(record: VerifiedRecord): void {
    this.#transaction(() => {
      const held = this.#held(record.account);
      if (held === undefined) this.#expectRoom("lists");
      const { list, bundles } = mergeRecord(held, record);
      this.#db
        .prepare("INSERT OR REPLACE INTO lists (account, version, bytes, signed) VALUES (?, ?, ?, ?)")
        .run(record.account, list.version, list.bytes, list.signedLength);
      this.#db.prepare("DELETE FROM bundles WHERE account = ?").run(record.account);
      this.#db.prepare("DELETE FROM one_time_prekeys WHERE account = ?").run(record.account);
      const insert = this.#db.prepare("INSERT INTO bundles (account, device, issued, bytes, signed) VALUES (?, ?, ?, ?, ?)");
      const insertPrekeys = this.#db.prepare("INSERT INTO one_time_prekeys (account, device, list, remaining) VALUES (?, ?, ?, ?)");
      for (const { device, issued, bytes, signedLength, oneTime } of bundles) {
        insert.run(record.account, device, issued, bytes, signedLength);
        if (oneTime !== undefined) insertPrekeys.run(record.account, device, oneTime.list, oneTime.left);
      }
    });
  }

  record(account: Uint8Array): FoundRecord | undefined {
    const held = this.#held(account);
    return held && { list: held.list.bytes, bundles: held.bundles.map(({ bytes }) => ({ bytes })) };
  }

  /** One after the other. What they hand out is on disk, all of it, or (if this throws) none. */
  takeRecords(accounts: readonly Uint8Array[]): (FoundRecord | undefined)[] {
    return this.#transaction(() =>
      accounts.map((account) => {
        const held = this.#held(account);
        return held && { list: held.list.bytes, bundles: held.bundles.map((bundle) => this.#take(account, bundle)) };
      }),
    );
  }

  putHandle(claim: VerifiedClaim): void {
    this.#transaction(() => {
      const owner = this.handle(claim.handle);
      if (owner !== undefined && Buffer.compare(owner, claim.account) !== 0) {
        throw new WireError("handle/taken", "this handle belongs to another account: choose another one");
      }
      const count = this.#db.prepare("SELECT count(*) AS n FROM handles WHERE account = ?").get(claim.account)?.["n"] as number;
      if (owner === undefined && count >= this.#limits.handlesPerAccount) {
        throw new WireError("handle/too-many", `an account has at most ${this.#limits.handlesPerAccount} handles`);
      }
      if (owner === undefined) this.#expectRoom("handles");
      this.#db
        .prepare("INSERT INTO handles VALUES (?, ?, ?) ON CONFLICT (handle) DO UPDATE SET issued = max(issued, excluded.issued)")
        .run(claim.handle, claim.account, claim.issued);
    });
  }

  handle(handle: string): Uint8Array | undefined {
    return this.#db.prepare("SELECT account FROM handles WHERE handle = ?").get(handle)?.["account"] as Uint8Array | undefined;
  }

  #take(account: Uint8Array, { device, bytes, oneTime }: VerifiedBundle): FoundBundle {
    const handed = oneTime && handOut(oneTime, randomInt);
    if (oneTime === undefined || handed === undefined) return { bytes };
    this.#db.prepare("UPDATE one_time_prekeys SET remaining = ? WHERE account = ? AND device = ?").run(handed.left, account, device);
    return { bytes, oneTime: { list: oneTime.list, taken: handed.taken } };
  }

  #held(account: Uint8Array): HeldRecord | undefined {
    const list = this.#db.prepare("SELECT version, bytes, signed FROM lists WHERE account = ?").get(account);
    if (list === undefined) return undefined;
    const bundles = this.#db
      .prepare(
        `SELECT device, issued, bytes, signed, list, remaining FROM bundles LEFT JOIN one_time_prekeys USING (account, device)
         WHERE account = ? ORDER BY device`,
      )
      .all(account);
    return {
      list: { version: list["version"] as number, bytes: list["bytes"] as Uint8Array, signedLength: list["signed"] as number },
      bundles: bundles.map((row) => ({
        device: row["device"] as number,
        issued: row["issued"] as number,
        bytes: row["bytes"] as Uint8Array,
        signedLength: row["signed"] as number,
        ...(row["list"] !== null && { oneTime: { list: row["list"] as Uint8Array, left: row["remaining"] as Uint8Array } }),
      })),
    };
  }

  #expectRoom(table: "lists" | "handles"): void {
    // Counting a million keys takes some 10 ms, and new accounts are rare.
    const count = this.#db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"] as number;
    if (count >= this.#limits.accounts) throw new WireError("directory/full", "this relay takes no more accounts: choose another one");
  }

  #transaction<T>(run: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = run();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      rollBack(this.#db);
      throw error;
    }
  }
}
