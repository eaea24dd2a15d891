// The file storage where the machine has a hand in it: full disks, killed processes, modes of files, foreign and newer files.

import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Storage } from "../../src/api.ts";
import { dataFolder, folderPlaces } from "../../src/node/places.ts";
import { sqliteFile } from "../../src/node/sqlite-file.ts";

const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
let folder: string;
let file: string;
const opened: Storage[] = [];

function open(options: { maxPages?: number } = {}): Storage {
  const storage = sqliteFile(file, options);
  opened.push(storage);
  return storage;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sotto-sqlite-"));
  file = join(folder, "deep", "account.sqlite");
});

afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
  rmSync(folder, { recursive: true });
});

test("a full disk refuses the whole batch, and what was there stays readable", async () => {
  const storage = open({ maxPages: 40 });
  await storage.batch([{ put: key(1), value: key(1) }]);
  const large = new Uint8Array(100_000);
  const tooMuch = [
    { put: key(1), value: key(2) },
    { put: key(2), value: large },
    { put: key(3), value: large },
  ];
  await expect(storage.batch(tooMuch)).rejects.toMatchObject({ code: "storage/full", blame: "storage" });
  expect(await storage.get(key(1))).toEqual(key(1));
  expect(await storage.get(key(2))).toBeUndefined();
  await storage.batch([{ put: key(4), value: key(4) }]);
  expect(await storage.get(key(4))).toEqual(key(4));
});

test("a batch that fails in the middle is undone, and the next one is not in its way", async () => {
  const storage = open();
  const broken = [
    { put: key(1), value: key(1) },
    { put: key(2), value: null as unknown as Uint8Array },
  ];
  await expect(storage.batch(broken)).rejects.toMatchObject({ code: "storage/unavailable" });
  expect(await storage.get(key(1))).toBeUndefined();
  await storage.batch([{ put: key(3), value: key(3) }]);
  expect(await storage.get(key(3))).toEqual(key(3));
});

test("only its owner can read the files", async () => {
  const storage = open();
  await storage.batch([{ put: key(1), value: key(1) }]);
  await (
    await storage.lock()
  )();
  await storage.keeper.wrap(key(1));
  expect(mode(join(folder, "deep"))).toBe(0o700);
  for (const ending of ["", "-wal", "-shm", ".lock", ".key"]) expect(mode(file + ending), ending).toBe(0o600);
});

test("a killed process leaves what it was told was stored, and no lock", async () => {
  const script = `
    import { sqliteFile } from ${JSON.stringify(join(import.meta.dirname, "../../src/node/sqlite-file.ts"))};
    const storage = sqliteFile(${JSON.stringify(file)});
    await storage.lock();
    for (let i = 0; ; i++) {
      await storage.batch([{ put: Uint8Array.of(1, i >> 8, i & 255), value: new Uint8Array(5000) }, { put: Uint8Array.of(2, i >> 8, i & 255), value: new Uint8Array(1) }]);
      process.stdout.write(i + "\\n");
    }`;
  const program = join(folder, "writer.ts");
  writeFileSync(program, script);
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  let acknowledged = -1;
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (data: Buffer) => {
      acknowledged = Number(data.toString().trim().split("\n").at(-1));
      if (acknowledged >= 20) resolve();
    });
  });
  const storage = open();
  await expect(storage.lock()).rejects.toMatchObject({ code: "storage/locked" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;

  await (
    await storage.lock()
  )();
  const count = async (table: number): Promise<number> => {
    const found: Uint8Array[] = [];
    for await (const [k] of storage.scan({ from: key(table), to: key(table + 1) })) found.push(k);
    return found.length;
  };
  expect(await count(1)).toBeGreaterThan(acknowledged);
  expect(await count(2)).toBe(await count(1));
});

test("a storage that nobody waits for does not keep the process alive", async () => {
  const program = join(folder, "idle.ts");
  const adapter = JSON.stringify(join(import.meta.dirname, "../../src/node/sqlite-file.ts"));
  const use = `const storage = sqliteFile(${JSON.stringify(file)}); await storage.lock(); await storage.batch([{ put: Uint8Array.of(1), value: Uint8Array.of(2) }]);`;
  writeFileSync(program, `import { sqliteFile } from ${adapter}; ${use}`);
  const child = spawn(process.execPath, [program], { stdio: "ignore" });
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
  expect(await open().get(key(1))).toEqual(key(2));
});

test("the application's loop runs on while the disk is busy", async () => {
  const storage = open();
  let turns = 0;
  const disk = { busy: true };
  const writes = storage.batch(Array.from({ length: 3000 }, (_, i) => ({ put: key(i >> 8, i & 255), value: new Uint8Array(4000) })));
  void writes.finally(() => (disk.busy = false));
  while (disk.busy) {
    await new Promise(setImmediate);
    turns++;
  }
  expect(turns).toBeGreaterThan(10);
});

test("a file of a newer version is refused and left alone", async () => {
  await open().batch([{ put: key(1), value: key(1) }]);
  await opened.pop()?.close();
  const db = new DatabaseSync(file);
  db.exec("PRAGMA user_version = 2");
  db.close();
  await expect(open().get(key(1))).rejects.toMatchObject({ code: "storage/newer", details: { found: 2, known: 1 } });
});

test("a file of another program, or no database at all, is refused", async () => {
  await open().get(key(1));
  await opened.pop()?.close();
  const db = new DatabaseSync(file);
  db.exec("PRAGMA application_id = 7");
  db.close();
  await expect(open().get(key(1))).rejects.toMatchObject({ code: "storage/corrupt" });
  await opened.pop()?.close();
  writeFileSync(file, "this is a letter, not a database\n".repeat(100));
  await expect(open().get(key(1))).rejects.toMatchObject({ code: "storage/corrupt" });
});

test("a place that cannot be written says so", async () => {
  writeFileSync(join(folder, "deep"), "a file where a folder should be");
  await expect(open().get(key(1))).rejects.toMatchObject({ code: "storage/unavailable" });
  await expect(open().keeper.wrap(key(1))).rejects.toMatchObject({ code: "storage/unavailable" });
});

test("a copy of the database without its key file does not open", async () => {
  const wrapped = await open().keeper.wrap(key(1, 2, 3));
  copyFileSync(`${file}.key`, `${file}.kept`);
  rmSync(`${file}.key`);
  await expect(open().keeper.unwrap(wrapped)).rejects.toMatchObject({ code: "storage/wrong-key" });
  writeFileSync(`${file}.key`, new Uint8Array(31));
  await expect(open().keeper.unwrap(wrapped)).rejects.toMatchObject({ code: "storage/wrong-key" });
  copyFileSync(`${file}.kept`, `${file}.key`);
  expect(await open().keeper.unwrap(wrapped)).toEqual(key(1, 2, 3));
});

test("accounts have a folder each, and leave nothing when they are discarded", async () => {
  const places = folderPlaces(join(folder, "sotto"));
  expect(await places.list()).toEqual([]);
  const [one, two] = [await places.fresh(), await places.fresh()];
  await one.storage.batch([{ put: key(1), value: key(1) }]);
  await two.storage.batch([{ put: key(1), value: key(2) }]);
  expect((await places.list()).length).toBe(2);
  await one.discard();
  const [left] = await places.list();
  expect(await left?.storage.get(key(1))).toEqual(key(2));
  await left?.discard();
  await two.discard();
  expect(await places.list()).toEqual([]);
  expect(existsSync(join(folder, "sotto"))).toBe(true);
});

test("data is kept where the platform keeps it", () => {
  expect(dataFolder({ XDG_DATA_HOME: "/data" }, "linux")).toBe("/data/sotto");
  expect(dataFolder({}, "linux")).toMatch(/\.local\/share\/sotto$/);
  expect(dataFolder({}, "darwin")).toMatch(/Application Support\/sotto$/);
  expect(dataFolder({ LOCALAPPDATA: "/local" }, "win32")).toBe("/local/sotto");
});

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}
