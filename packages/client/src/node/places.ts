// Where accounts are kept in Node: one folder each, under the folder that the platform has for a program's data.

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { StoragePlace, StoragePlaces } from "../platform.ts";
import { sqliteFile } from "./sqlite-file.ts";

const NAME = /^[0-9a-f]{16}$/;

/** Accounts under `folder`. */
export function folderPlaces(folder: string): StoragePlaces {
  return {
    async list() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const names = readdirSync(folder).filter((name) => NAME.test(name));
      return names.sort().map((name) => place(join(folder, name)));
    },
    async fresh() {
      return place(join(folder, Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex")));
    },
  };
}

/** `$XDG_DATA_HOME/sotto`, or what the platform has instead. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env["XDG_DATA_HOME"]) return join(env["XDG_DATA_HOME"], "sotto");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "sotto");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "sotto");
  return join(homedir(), ".local", "share", "sotto");
}

function place(folder: string): StoragePlace {
  const storage = sqliteFile(join(folder, "account.sqlite"));
  return {
    storage,
    async discard() {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
