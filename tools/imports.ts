// The import rules of the house (docs: ARCHITECTURE "The house"), as data. Takes a file's path and text; gives findings.
// Whether a package is declared in package.json is knip's concern.
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { importSpecifiers } from "./import-specifiers.ts";
import { isCode, isTest } from "./source-files.ts";

interface Area {
  folder: string;
  /** Packages of ours that its code may import; "any" where nothing is shipped from. */
  may: readonly string[] | "any";
  /** What its tests may import besides. */
  testsMayAlso: readonly string[];
  /** Node built-ins: everywhere, or only in files and folders named `node` or `node-…`, so that the rest runs in a browser. */
  builtins: "everywhere" | "in node files" | "nowhere";
}

/** One row per workspace: the whole of "who may import whom". */
export const areas: readonly Area[] = [
  { folder: "packages/encoding", may: [], testsMayAlso: [], builtins: "nowhere" },
  { folder: "packages/protocol", may: ["encoding"], testsMayAlso: [], builtins: "in node files" },
  { folder: "packages/wire", may: ["encoding"], testsMayAlso: [], builtins: "in node files" },
  { folder: "packages/relay", may: ["wire"], testsMayAlso: [], builtins: "everywhere" },
  { folder: "packages/client", may: ["encoding", "protocol", "wire"], testsMayAlso: ["relay"], builtins: "in node files" },
  { folder: "apps/cli", may: ["client"], testsMayAlso: ["relay"], builtins: "everywhere" },
  { folder: "apps/web", may: ["client"], testsMayAlso: ["relay"], builtins: "nowhere" },
  { folder: "lab", may: "any", testsMayAlso: [], builtins: "everywhere" },
  { folder: "bench", may: "any", testsMayAlso: [], builtins: "everywhere" },
  { folder: "e2e", may: "any", testsMayAlso: [], builtins: "everywhere" },
  { folder: "oracle", may: "any", testsMayAlso: [], builtins: "everywhere" },
  { folder: "tools", may: "any", testsMayAlso: [], builtins: "everywhere" },
];

/** Libraries that compute with keys. Tests may use them as an independent second opinion. */
const CRYPTOGRAPHY = /^(@noble\/|@scure\/|@stablelib\/|@signalapp\/|libsodium|tweetnacl|node-forge|elliptic$|(node:)?crypto$)/;

/** Where cryptography may be imported: one folder, plus the exceptions, each with its reason. */
const CRYPTOGRAPHY_ALLOWED: readonly { files: RegExp; specifiers: RegExp; reason: string }[] = [
  { files: /^packages\/protocol\/src\/primitives\//, specifiers: /./, reason: "the providers" },
  { files: /^packages\/protocol\/src\/identity\//, specifiers: /^@scure\/bip39\/wordlists\//, reason: "a table of words, no computation" },
  {
    files: /^packages\/relay\//,
    specifiers: /^node:crypto$/,
    reason: "verifies signatures of the directory, hashes; holds no key of anybody",
  },
  { files: /^(lab|bench|oracle|e2e|tools)\//, specifiers: /./, reason: "not shipped: attacks, measures and compares" },
];

/** Relative paths that may leave their workspace, each with its reason. */
const MAY_LEAVE: readonly { files: RegExp; targets: RegExp; reason: string }[] = [
  { files: /^bench\/src\/browser\//, targets: /^e2e\/src\/browser\.ts$/, reason: "the one way in which Chromium is started" },
  { files: /^lab\//, targets: /^e2e\/src\/(browser|relay-process)\.ts$/, reason: "the one way in which Chromium and a relay are started" },
  {
    files: /^apps\/web\/test\/demo\//,
    targets: /^packages\/client\/src\//,
    reason: "stands in for @sotto/client, so it cannot import it by name",
  },
  {
    files: /^apps\/web\/.*\.test\.tsx?$/,
    targets: /^packages\/client\/src\/error-texts\.ts$/,
    reason: "every error of the SDK has words on the screen",
  },
  {
    files: /(\.test\.tsx?$|\/test\/)/,
    targets: /^(spec|docs)\//,
    reason: "tests compare text of the specification with what is generated",
  },
];

const BUILTINS = new Set(builtinModules);

/** Everything this file imports and may not, as `path:line: what (why)`. */
export function importFindings(path: string, text: string): string[] {
  if (!isCode(path)) return [];
  const area = areas.find(({ folder }) => path.startsWith(`${folder}/`));
  return importSpecifiers(path, text).flatMap(({ specifier, line }) => {
    const why = specifier === undefined ? computed(area, path) : forbidden(area, path, specifier);
    return why === undefined ? [] : [`${path}:${line}: ${specifier ?? "computed import"} (${why})`];
  });
}

/** An import that cannot be read here could be anything: shipped code may not have one. */
function computed(area: Area | undefined, path: string): string | undefined {
  return area && area.may !== "any" && !isTest(path) && !isBuildConfig(path)
    ? "an import must be written out, so that it can be checked"
    : undefined;
}

function forbidden(area: Area | undefined, path: string, specifier: string): string | undefined {
  if (/^\.\.?(\/|$)/.test(specifier)) return relative(area, path, specifier);
  return ours(area, path, specifier) ?? builtin(area, path, specifier) ?? cryptography(path, specifier);
}

/** Relative paths stay inside their workspace and carry their extension. */
function relative(area: Area | undefined, path: string, specifier: string): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier.replace(/[?#].*$/, "")));
  const leaves = area !== undefined && area.may !== "any" && !target.startsWith(`${area.folder}/`);
  if (leaves && !MAY_LEAVE.some(({ files, targets }) => files.test(path) && targets.test(target))) {
    return "a relative path may not leave its package: import the package by name";
  }
  return /\.[a-z0-9]+$/.test(target) || target.endsWith("/") ? undefined : "a relative import carries its extension, `.ts`";
}

function ours(area: Area | undefined, path: string, specifier: string): string | undefined {
  const name = /^@sotto\/([^/]+)/.exec(specifier)?.[1];
  if (name === undefined || !area || area.may === "any") return undefined;
  if (area.folder.endsWith(`/${name}`) || area.may.includes(name)) return undefined;
  if (isTest(path) && area.testsMayAlso.includes(name)) return undefined;
  const allowed = area.may.length === 0 ? "nothing of ours" : area.may.join(" and ");
  return `${area.folder} may import ${allowed}`;
}

function builtin(area: Area | undefined, path: string, specifier: string): string | undefined {
  const name = specifier.replace(/^node:/, "");
  if (!specifier.startsWith("node:") && !BUILTINS.has(name)) return undefined;
  if (!specifier.startsWith("node:")) return "Node's modules are written with `node:`";
  if (!area || area.builtins === "everywhere" || isTest(path) || isBuildConfig(path)) return undefined;
  if (area.builtins === "in node files" && path.split("/").some((part) => /^node([-.]|$)/.test(part))) return undefined;
  return area.builtins === "nowhere" ? "runs in a browser" : "runs in a browser too: only files and folders named `node` may use it";
}

function isBuildConfig(path: string): boolean {
  return /(^|\/)(vite|vitest)\.config\.ts$/.test(path) || path.startsWith("apps/web/build/");
}

function cryptography(path: string, specifier: string): string | undefined {
  if (!CRYPTOGRAPHY.test(specifier) || isTest(path)) return undefined;
  const allowed = CRYPTOGRAPHY_ALLOWED.some(({ files, specifiers }) => files.test(path) && specifiers.test(specifier));
  return allowed ? undefined : "cryptographic libraries are imported in packages/protocol/src/primitives only";
}
