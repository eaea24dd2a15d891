// `npm run build` also makes @sotto/client as a package that any project installs: JavaScript for Node and bundlers, and declarations that hold
// under any compiler settings, in packages/client/dist/package. Takes the sources and the declarations that tsc writes; gives the folder.
// Not its concern: files for pages without a bundler (client-build.ts), publishing.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { type Plugin, build } from "vite";
import { root } from "./source-files.ts";

/** Where the package is. */
export const CLIENT_PACKAGE: string = join(root, "packages/client/dist/package");

/** What an application may import, by the name of its file in the package. */
const ENTRIES: Readonly<Record<string, string>> = {
  node: "packages/client/src/node.ts",
  browser: "packages/client/src/browser.ts",
  "testing/node": "packages/client/src/testing/node.ts",
  "testing/browser": "packages/client/src/testing/browser.ts",
};

/** The packages that go into this one; they are not for themselves. */
const OURS = ["client", "protocol", "wire", "encoding"];

/** Builds. Rejects with the words of tsc or the bundler. */
export async function buildPackage(): Promise<string> {
  const tsc = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"], { cwd: root, encoding: "utf8" });
  if (tsc.status !== 0) throw new Error(`the types do not hold:\n${tsc.stdout}${tsc.stderr}`);
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    plugins: [workerFiles()],
    ssr: { noExternal: [/^@sotto\//] },
    build: {
      ssr: true,
      outDir: CLIENT_PACKAGE,
      emptyOutDir: true,
      target: "es2023",
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(ENTRIES).map(([name, source]) => [name, join(root, source)])),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name].js", chunkFileNames: "parts/[name]-[hash].js" },
      },
    },
  });
  copyDeclarations();
  write("package.json", `${JSON.stringify(manifest(), undefined, 2)}\n`);
  copyFileSync(join(root, "LICENSE"), join(CLIENT_PACKAGE, "LICENSE"));
  return CLIENT_PACKAGE;
}

/** `new URL("./a-worker.ts", import.meta.url)` names a source: the worker is built too, and the address becomes that of its file. */
function workerFiles(): Plugin {
  return {
    name: "worker-files",
    transform(code, id) {
      if (!code.includes("new Worker(")) return undefined;
      return code.replaceAll(/new URL\("(\.\/[\w-]+\.ts)"/g, (_, worker: string) => {
        return `new URL("built:${this.emitFile({ type: "chunk", id: join(dirname(id), worker) })}"`;
      });
    },
    // Only now do files have their names.
    generateBundle(_, files) {
      for (const file of Object.values(files)) {
        if (file.type !== "chunk") continue;
        file.code = file.code.replaceAll(/"built:([^"]+)"/g, (__, reference: string) => {
          return `"./${posix.relative(posix.dirname(file.fileName), this.getFileName(reference))}"`;
        });
      }
    },
  };
}

/** What package.json says: the client's own, with the dependencies of all that went in. */
function manifest(): object {
  const manifests = OURS.map((name) => manifestOf(name));
  const dependencies = manifests.flatMap((one) => Object.entries(one.dependencies ?? {})).filter(([name]) => !name.startsWith("@sotto/"));
  const { name, version, description, license } = manifestOf("client");
  const door = (platform: string) => ({ types: `./types/client/${platform}.d.ts`, default: `./${platform}.js` });
  return {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=24" },
    exports: {
      ".": { browser: door("browser"), default: door("node") },
      "./browser": door("browser"),
      "./testing": { browser: door("testing/browser"), default: door("testing/node") },
    },
    dependencies: Object.fromEntries(dependencies.toSorted(([one], [other]) => one.localeCompare(other))),
  };
}

/** The declarations of the entries and of all that they refer to; nothing else of the packages is shown. */
function copyDeclarations(): void {
  const found = new Set(Object.values(ENTRIES));
  for (const source of found) {
    const place = placeOf(source);
    const text = declarationsOf(source).replaceAll(/(\bfrom |\bimport\()"([^"]+)"/g, (all, before: string, specifier: string) => {
      const target = sourceOf(source, specifier);
      if (target === undefined) return all;
      found.add(target);
      const path = posix.relative(posix.dirname(place), placeOf(target));
      return `${before}"${path.startsWith(".") ? path : `./${path}`}.js"`;
    });
    write(`${place}.d.ts`, text);
  }
}

/** Which source of ours a specifier names, from the repository's root; `undefined` where it is none of ours. */
function sourceOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  const [, name, path] = /^@sotto\/([^/]+)(.*)$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const target = manifestOf(name).exports?.[`.${path ?? ""}`];
  if (typeof target !== "string") throw new Error(`${from} takes types from ${specifier}, which has no single source`);
  return posix.join("packages", name, target);
}

/** `packages/client/src/api/invites.ts` is `types/client/api/invites` in the package. */
function placeOf(source: string): string {
  const [, name, path] = /^packages\/([^/]+)\/src\/(.+)\.ts$/.exec(source) ?? [];
  if (name === undefined || path === undefined)
    throw new Error(`${source} is not for applications, and a declaration for them refers to it`);
  return `types/${name}/${path}`;
}

function declarationsOf(source: string): string {
  const [, folder, path] = /^(packages\/[^/]+)\/(.+)\.ts$/.exec(source) ?? [];
  const places = ["types", "types-node"].map((kind) => join(root, folder ?? "", "dist", kind, `${path ?? ""}.d.ts`));
  const place = places.find((candidate) => existsSync(candidate));
  if (place === undefined) throw new Error(`tsc wrote no declarations of ${source}`);
  return readFileSync(place, "utf8");
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as Manifest;
}

function write(path: string, text: string): void {
  const target = join(CLIENT_PACKAGE, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

if (import.meta.main) process.stdout.write(`built ${await buildPackage()}\n`);
