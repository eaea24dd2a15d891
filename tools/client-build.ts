// `npm run build`: @sotto/client as files that a browser loads as they are, without a bundler: packages/client/dist/browser/sotto.js, and beside
// it the parts that it loads when they are first asked for. Takes nothing; gives the folder. Not its concern: how large they are (size.ts).
import { join } from "node:path";
import { build } from "vite";
import { root } from "./source-files.ts";

/** Where the files are. */
export const CLIENT_BUILD: string = join(root, "packages/client/dist/browser");

const ENTRY = join(root, "packages/client/src/browser.ts");

/** Builds. Rejects with the bundler's own words. */
export async function buildClient(): Promise<string> {
  const neededAtOnce = importedBy(ENTRY);
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: {
      outDir: CLIENT_BUILD,
      emptyOutDir: true,
      target: "es2023",
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { sotto: ENTRY },
        preserveEntrySignatures: "strict",
        output: {
          entryFileNames: "[name].js",
          chunkFileNames: "parts/[name]-[hash].js",
          // Left alone, the bundler cuts wherever two parts share something: forty requests for what is needed at once anyway.
          codeSplitting: { groups: [{ name: (id, graph) => (neededAtOnce(id, graph) ? "core" : null) }] },
        },
      },
    },
  });
  return CLIENT_BUILD;
}

/** What the bundler tells of modules. */
interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** Whether a module is imported by another one, directly or not, without being asked for later. */
function importedBy(start: string): (id: string, graph: ModuleGraph) => boolean {
  let found: Set<string> | undefined;
  return (id, graph) => {
    if (found === undefined) {
      found = new Set([start]);
      for (const one of found) for (const imported of graph.getModuleInfo(one)?.importedIds ?? []) found.add(imported);
    }
    return found.has(id);
  };
}

if (import.meta.main) process.stdout.write(`built ${await buildClient()}/sotto.js\n`);
