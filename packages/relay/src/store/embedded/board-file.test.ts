// How the embedded store's file is opened: its lock, its version, its upgrade.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { temporaryDirectory } from "../../../test/support/temporary.ts";
import { limitsWith } from "../../limits.ts";
import { openBoardFile } from "./board-file.ts";
import { openEmbeddedStore } from "./embedded-store.ts";
import { type Migration, migrations } from "./schema.ts";

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
    expect(() => openBoardFile(file, limits)).toThrow(/newer relay \(format 2, this release knows 1\): run that release/);
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
    const copy = openBoardFile(`${file}.v1`, limits);
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
    expect(existsSync(join(directory, "board.sqlite.v1"))).toBe(false);
  });
});
