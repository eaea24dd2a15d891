// What a browser downloads: bundles an entry as the web app is bundled, in memory, and tells what of it is loaded at once. Takes code that
// imports what is measured, or a page; gives sizes in bytes. Not a concern here: how large is too large (size.ts).
import { join } from "node:path";
import { gzipSync, brotliCompressSync } from "node:zlib";
import { type Rolldown, build, minifySync, type Plugin } from "vite";
import { root } from "./source-files.ts";

/** How a server sends it. */
export type Compression = "gzip" | "brotli";

/** A bundle's chunks, and which of them are loaded before anything of it can run. */
export interface Bundle {
  readonly chunks: readonly Rolldown.OutputChunk[];
  readonly first: readonly Rolldown.OutputChunk[];
}

/** A package and its share of a bundle's compressed bytes, by the length of its minified code. */
export interface Share {
  readonly name: string;
  readonly bytes: number;
}

const ENTRY = "measured-entry.js";

/**
 * Bundles a module with this code; its imports are looked up from the repository's root. All that it needs at once is one file, as in the web
 * app (apps/web/chunks.ts): left alone, the bundler cuts wherever two parts that are loaded later share something.
 */
export async function bundleCode(code: string): Promise<Bundle> {
  const entry: Plugin = {
    name: "sotto:measured-entry",
    resolveId: (id) => (id === ENTRY ? `${root}/${ENTRY}` : undefined),
    load: (id) => (id === `${root}/${ENTRY}` ? code : undefined),
  };
  // Strict: what the entry only passes on to parts that are loaded later stays out of its file, and in a file of its own below.
  const cut = await bundleEntry(entry, { preserveEntrySignatures: "strict" });
  const first = new Set(firstOf(cut));
  const files = new Map(cut.flatMap((chunk) => chunk.moduleIds.map((id) => [id, first.has(chunk) ? "first" : chunk.name] as const)));
  // Not the entry itself: a part that is loaded later would wait for the end of an entry that waits for it.
  files.delete(`${root}/${ENTRY}`);
  const chunks = await bundleEntry(entry, {
    preserveEntrySignatures: "allow-extension",
    output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: (id) => files.get(id) ?? null }] } },
  });
  return { chunks, first: firstOf(chunks) };
}

/** Bundles an app as its own configuration says. `folder` is from the repository's root, `module` what its page loads. */
export async function bundlePage(folder: string, module: string): Promise<Bundle> {
  const made = await build({ root: join(root, folder), logLevel: "error", build: { write: false } });
  return alsoLoading({ chunks: chunksOf(made), first: [] }, module);
}

/** The bundle with what is loaded once a module (by the end of its path) has been asked for, too. */
export function alsoLoading(bundle: Bundle, module: string): Bundle {
  const asked = bundle.chunks.filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)));
  if (asked.length === 0) throw new Error(`no chunk of the bundle is ${module}`);
  return { ...bundle, first: withImports(bundle.chunks, [...bundle.first, ...asked]) };
}

/** Compressed bytes of what is loaded at once, file by file as a server compresses them. */
export function compressedSize({ first }: Bundle, compression: Compression): number {
  const compress = (code: string): Buffer => (compression === "gzip" ? gzipSync(code, { level: 9 }) : brotliCompressSync(code));
  return first.reduce((sum, { code }) => sum + compress(code).length, 0);
}

/** What the bytes loaded at once are made of, the largest first. */
export function shares(bundle: Bundle, compression: Compression): Share[] {
  const lengths = new Map<string, number>();
  for (const { modules } of bundle.first) {
    for (const [id, { code }] of Object.entries(modules)) {
      if (code === null || code === "") continue;
      const name = packageOf(id);
      lengths.set(name, (lengths.get(name) ?? 0) + minifySync(id, code, { mangle: { toplevel: true } }).code.length);
    }
  }
  const whole = [...lengths.values()].reduce((sum, length) => sum + length, 0);
  const total = compressedSize(bundle, compression);
  return [...lengths].map(([name, length]) => ({ name, bytes: (total * length) / whole })).toSorted((a, b) => b.bytes - a.bytes);
}

async function bundleEntry(entry: Plugin, options: Rolldown.RolldownOptions): Promise<Rolldown.OutputChunk[]> {
  const made = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    plugins: [entry],
    build: {
      write: false,
      target: "es2023",
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { input: ENTRY, ...options },
    },
  });
  return chunksOf(made);
}

function chunksOf(made: Awaited<ReturnType<typeof build>>): Rolldown.OutputChunk[] {
  const [output] = (Array.isArray(made) ? made : [made]) as readonly Rolldown.RolldownOutput[];
  return output?.output.flatMap((part) => (part.type === "chunk" ? [part] : [])) ?? [];
}

/** What is loaded before the entry can run. */
function firstOf(chunks: readonly Rolldown.OutputChunk[]): Rolldown.OutputChunk[] {
  return withImports(
    chunks,
    chunks.filter(({ isEntry }) => isEntry),
  );
}

/** Some chunks, and all that these import statically. */
function withImports(chunks: readonly Rolldown.OutputChunk[], some: readonly Rolldown.OutputChunk[]): Rolldown.OutputChunk[] {
  const found = new Set(some);
  for (const chunk of found) {
    for (const other of chunks) if (chunk.imports.includes(other.fileName)) found.add(other);
  }
  return [...found];
}

/** `@noble/curves`, `packages/client/src/engine`. */
function packageOf(id: string): string {
  const installed = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];
  if (installed !== undefined) return installed;
  return id.startsWith(`${root}/`)
    ? id
        .slice(root.length + 1)
        .split("/")
        .slice(0, -1)
        .slice(0, 4)
        .join("/")
    : "the bundler";
}
