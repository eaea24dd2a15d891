// Directory records and handles in the embedded store's file. Runs in the store's worker; compares and writes in one transaction.
// Not its concern: signatures; which record wins (directory/merge.ts).

import type { DatabaseSync } from "node:sqlite";
import { WireError } from "@sotto/wire";
import type { Limits } from "../../limits.ts";
import { type HeldRecord, mergeRecord } from "../../directory/merge.ts";
import type { VerifiedClaim, VerifiedRecord } from "../store.ts";
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
      const insert = this.#db.prepare("INSERT INTO bundles (account, device, issued, bytes, signed) VALUES (?, ?, ?, ?, ?)");
      for (const bundle of bundles) insert.run(record.account, bundle.device, bundle.issued, bundle.bytes, bundle.signedLength);
    });
  }

  record(account: Uint8Array): { list: Uint8Array; bundles: Uint8Array[] } | undefined {
    const held = this.#held(account);
    return held && { list: held.list.bytes, bundles: held.bundles.map(({ bytes }) => bytes) };
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

  #held(account: Uint8Array): HeldRecord | undefined {
    const list = this.#db.prepare("SELECT version, bytes, signed FROM lists WHERE account = ?").get(account);
    if (list === undefined) return undefined;
    const bundles = this.#db.prepare("SELECT device, issued, bytes, signed FROM bundles WHERE account = ? ORDER BY device").all(account);
    return {
      list: { version: list["version"] as number, bytes: list["bytes"] as Uint8Array, signedLength: list["signed"] as number },
      bundles: bundles.map((row) => ({
        device: row["device"] as number,
        issued: row["issued"] as number,
        bytes: row["bytes"] as Uint8Array,
        signedLength: row["signed"] as number,
      })),
    };
  }

  #expectRoom(table: "lists" | "handles"): void {
    // Counting a million keys takes some 10 ms, and new accounts are rare.
    const count = this.#db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"] as number;
    if (count >= this.#limits.accounts) throw new WireError("directory/full", "this relay takes no more accounts: choose another one");
  }

  #transaction(run: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      run();
      this.#db.exec("COMMIT");
    } catch (error) {
      rollBack(this.#db);
      throw error;
    }
  }
}
