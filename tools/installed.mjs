// Whether node_modules holds what package-lock.json asks for on this machine. Plain JavaScript, Node >= 18, no dependencies.
// Compares the lockfile with the one npm leaves inside node_modules; installs nothing itself.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A package as npm's lockfiles describe it.
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, os?: Names, cpu?: Names, libc?: Names }} Entry
 * @typedef {string | string[]} Names
 */

/**
 * The lockfile's packages that are missing or of another version, workspaces that are not linked: as `name (why)`; empty when everything is there.
 * @param {string} root
 * @returns {string[]}
 */
export function missingPackages(root) {
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  const present = readJson(join(root, "node_modules", ".package-lock.json"))?.packages;
  if (!present) return ["node_modules (not there)"];
  return Object.entries(wanted).flatMap(([path, entry]) => {
    const name = path.replace(/^.*node_modules\//, "");
    if (entry.link) return existsSync(join(root, path)) ? [] : [`${name} (not linked)`];
    if (!isInstalledHere(path, entry) || present[path]?.version === entry.version) return [];
    return [`${name} (${present[path]?.version ?? "missing"}, wanted ${entry.version})`];
  });
}

/**
 * Optional packages for other systems stay away, and so do the packages only those need (optional, and for
 * no system in particular); everything else has to be there.
 * @param {string} path
 * @param {Entry} entry
 */
function isInstalledHere(path, entry) {
  if (!path.includes("node_modules/")) return false;
  if (entry.optional && !entry.os && !entry.cpu) return false;
  return allows(entry.os, process.platform) && allows(entry.cpu, process.arch) && allows(entry.libc, libc());
}

/**
 * npm's rule for `os`, `cpu` and `libc`: any of the names, or none of the names behind an exclamation mark.
 * @param {Names | undefined} names
 * @param {string | undefined} value
 */
function allows(names, value) {
  if (!names || value === undefined) return true;
  const list = [names].flat();
  if (list.includes(`!${value}`)) return false;
  const named = list.filter((name) => !name.startsWith("!"));
  return named.length === 0 || named.includes(value);
}

function libc() {
  if (process.platform !== "linux") return undefined;
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } } | undefined} */ (process.report?.getReport());
  return report?.header?.glibcVersionRuntime ? "glibc" : "musl";
}

/**
 * @param {string} path
 * @returns {{ packages?: Record<string, Entry> } | undefined}
 */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
