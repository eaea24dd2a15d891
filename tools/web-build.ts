// Builds the web app when something it is made of is newer than what was built, so that `npm start` shows the code that is there.
// Takes folders; gives nothing but a build in apps/web/dist. How it is built is apps/web/vite.config.ts's concern.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./source-files.ts";

const APP = join(root, "apps", "web");
const SOURCES = [APP, ...["client", "protocol", "wire"].map((name) => join(root, "packages", name)), join(root, "package-lock.json")];

const BUILT = join(APP, "dist");

/** Builds if needed, and says so on stderr, since it takes seconds. Gives the folder of the built app; rejects with the build's own words. */
export async function buildWebApp(): Promise<string> {
  if (isStale(SOURCES, join(BUILT, "index.html"))) {
    process.stderr.write("building the web app …\n");
    await vite("build", "--logLevel", "error");
  }
  return BUILT;
}

/** True when `built` is missing or older than any file below `sources` (builds and dependencies aside). */
export function isStale(sources: readonly string[], built: string): boolean {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs;
  return builtAt === undefined || sources.some((source) => newest(source) > builtAt);
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const names = readdirSync(path).filter((name) => !["dist", "node_modules", "test"].includes(name) && !name.includes(".test."));
  return Math.max(0, ...names.map((name) => newest(join(path, name))));
}

function vite(...args: string[]): Promise<void> {
  const bin = join(root, "node_modules", ".bin");
  // Tests run with another NODE_ENV, and would build what nobody else gets.
  const env = { ...process.env, NODE_ENV: "production", PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
  const child = spawn(join(bin, "vite"), args, { cwd: APP, env, stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void (output += chunk.toString("utf8")));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => (status === 0 ? resolve() : reject(new Error(`the web app could not be built:\n${output.trim()}`))));
  });
}
