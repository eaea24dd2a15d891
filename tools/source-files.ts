// Which files the checks look at: what git tracks or would add, as paths from the repository's root with forward slashes.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The repository's root on this disk. */
export const root: string = join(import.meta.dirname, "..");

/** Every file of the working tree that git does not ignore, sorted. */
export function sourceFiles(): string[] {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  return [...new Set(list.split("\0"))].filter((path) => path !== "" && existsSync(join(root, path))).toSorted();
}

/** Code: TypeScript, JavaScript, and their JSX and module variants. */
export function isCode(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path);
}

/** Tests and what only tests use: `x.test.ts` beside the file, and everything below a `test` folder. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.split("/").includes("test");
}
