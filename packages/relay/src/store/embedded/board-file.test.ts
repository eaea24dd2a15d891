// How the embedded store's file is opened: its lock, its version, its upgrade.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { accountNumber, prekeys, recordWith } from "../../../test/support/prekeys.ts";
import { temporaryDirectory } from "../../../test/support/temporary.ts";
import { limitsWith } from "../../limits.ts";
import { openBoardFile } from "./board-file.ts";
import { openEmbeddedStore } from "./embedded-store.ts";
import { type Migration, migrations, pragma } from "./schema.ts";

const limits = limitsWith();

function boardIn(directory: string, steps?: readonly Migration[]): { file: string; board: Uint8Array } {
  const file = join(directory, "board.sqlite");
  const { db, board } = openBoardFile(file, limits, steps);
  db.close();
  return { file, board };
}

describe("the store's file", () => {
  it("syncs at every commit and can give pages back", () => {
    const { db } = openBoardFile(join(temporaryDirectory(), "board.sqlite"), limits);
    const setting = (name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect({ mode: setting("journal_mode"), sync: setting("synchronous"), vacuum: setting("auto_vacuum") }).toEqual({
      mode: "wal",
      sync: 2,
      vacuum: 2,
    });
    db.close();
  });

  it("of a newer release is refused, with what to do, and left as it is", () => {
    const { file } = boardIn(temporaryDirectory());
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();
    const before = readFileSync(file);
    expect(() => openBoardFile(file, limits)).toThrow(expect.objectContaining({ name: "StoreOpenError", reason: "newer" }));
    expect(() => openBoardFile(file, limits)).toThrow(/newer relay \(format 3, this release knows 2\): run that release/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("of another program is refused and left as it is", () => {
    const directory = temporaryDirectory();
    const file = join(directory, "board.sqlite");
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE photographs (name TEXT)");
    db.close();
    expect(() => openBoardFile(file, limits)).toThrow(expect.objectContaining({ reason: "foreign" }));
    const text = join(directory, "text");
    writeFileSync(text, "no database at all, but long enough to look like a file of some use ".repeat(20));
    expect(() => openBoardFile(text, limits)).toThrow(expect.objectContaining({ reason: "foreign" }));
    expect(readFileSync(text, "utf8")).toMatch(/^no database/);
  });

  it("is copied before an upgrade, and upgraded once", () => {
    const directory = temporaryDirectory();
    const { file, board } = boardIn(directory);
    let runs = 0;
    const step: Migration = (db) => {
      runs++;
      db.exec("ALTER TABLE handles ADD COLUMN note TEXT");
    };
    expect(boardIn(directory, [...migrations, step]).board).toEqual(board);
    expect(boardIn(directory, [...migrations, step]).board).toEqual(board);
    expect(runs).toBe(1);
    // The copy is a board of the older format: the older release opens it.
    const copy = openBoardFile(`${file}.v${migrations.length}`, limits);
    expect(copy.board).toEqual(board);
    copy.db.close();
  });

  it("survives an upgrade that fails", () => {
    const directory = temporaryDirectory();
    const { file, board } = boardIn(directory);
    const broken: Migration = (db) => {
      db.exec("DROP TABLE handles");
      throw new Error("no such luck");
    };
    expect(() => openBoardFile(file, limits, [...migrations, broken])).toThrow("no such luck");
    const again = openBoardFile(file, limits);
    expect(again.board).toEqual(board);
    expect(again.records.handle("anybody")).toBeUndefined();
    again.db.close();
  });

  it("of version 1 keeps all that it holds, and hands out what is published from then on", () => {
    const directory = temporaryDirectory();
    const { file, board } = boardIn(directory, migrations.slice(0, 1));
    const account = accountNumber(1);
    const old = new DatabaseSync(file);
    old.prepare("INSERT INTO lists VALUES (?, 1, ?, 1)").run(account, Uint8Array.of(1));
    for (const device of [1, 2]) old.prepare("INSERT INTO bundles VALUES (?, ?, 1, ?, 1)").run(account, device, Uint8Array.of(device, 1));
    old.prepare("INSERT INTO handles VALUES ('alice', ?, 1)").run(account);
    old.prepare("INSERT INTO cells VALUES (7, ?, ?, ?)").run(new Uint8Array(9), new Uint8Array(16).fill(3), new Uint8Array(4096));
    old.close();

    const upgraded = openBoardFile(file, limits);
    expect(upgraded.board).toEqual(board);
    const before = { list: Uint8Array.of(1), bundles: [{ bytes: Uint8Array.of(1, 1) }, { bytes: Uint8Array.of(2, 1) }] };
    expect(upgraded.records.takeRecords([account])).toEqual([before]);
    expect(upgraded.records.handle("alice")).toEqual(account);
    expect(upgraded.cells.state(new Uint8Array(9)).head).toBe(7);
    upgraded.records.putRecord({ ...recordWith(1, 2, [40]), devices: [1, 2] });
    const { list } = prekeys([40]);
    const [found] = upgraded.records.takeRecords([account]);
    expect(found?.bundles).toEqual([{ bytes: Uint8Array.of(1, 2), oneTime: { list, taken: 0 } }, before.bundles[1]]);
    upgraded.db.close();

    const snapshot = new DatabaseSync(`${file}.v1`);
    expect(pragma(snapshot, "user_version")).toBe(1);
    expect(snapshot.prepare("SELECT count(*) AS n FROM bundles").get()?.["n"]).toBe(2);
    snapshot.close();
  });

  it("is one relay's at a time, and nobody else's to read", async () => {
    const directory = join(temporaryDirectory(), "data");
    const store = await openEmbeddedStore(directory, limits, new ManualClock());
    await expect(openEmbeddedStore(directory, limits, new ManualClock())).rejects.toMatchObject({
      reason: "locked",
      message: expect.stringContaining("another relay is using"),
    });
    expect(statSync(directory).mode & 0o077).toBe(0);
    for (const name of readdirSync(directory))
      expect({ name, mode: statSync(join(directory, name)).mode & 0o077 }).toEqual({ name, mode: 0 });
    await store.close();
    await (await openEmbeddedStore(directory, limits, new ManualClock())).close();
    expect(readdirSync(directory).filter((name) => name.includes(".v"))).toEqual([]);
  });
});
