// How the web app is built: hashed files without source maps, each also as .br and .gz, for a server that only hands out bytes.
// `vite --mode demo` runs the same screens on an in-memory client (test/demo), to look at them without a relay.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { nameChunks } from "./chunks.ts";

const COMPRESSIBLE = /\.(?:js|css|html|svg|json|webmanifest)$/;

/** Writes `file.br` and `file.gz` beside every text file of the build. */
function precompress(): Plugin {
  let outDir = "";
  let writes = true;
  return {
    name: "sotto:precompress",
    apply: "build",
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
      writes = config.build.write;
    },
    async closeBundle() {
      if (!writes) return;
      const entries = await readdir(outDir, { recursive: true });
      await Promise.all(entries.filter((entry) => COMPRESSIBLE.test(entry)).map((entry) => compress(join(outDir, entry))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, quality));
  await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

/** What the client loads once it shows an account. */
const RECEIVING = "../../packages/client/src/engine/receiving.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig(({ mode }) => ({
  plugins: [precompress()],
  resolve: { alias: mode === "demo" ? { "@sotto/client": path("./test/demo/client.ts") } : {} },
  build: {
    outDir: mode === "demo" ? "types/dist/demo" : "dist",
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: nameChunks({ app: path("./src/main.tsx"), client: path("./src/state/sdk.ts"), receiving: path(RECEIVING) }) }],
        },
      },
    },
  },
  server: { proxy: { "/v1": { target: "http://localhost:8787", ws: true } } },
}));
