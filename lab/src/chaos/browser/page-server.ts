// The page of a device, built from its source and served on this machine, so that it is an origin that may keep things. Takes nothing; gives an
// address. Not a concern here: what the page does (page.ts).

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build, type Rolldown } from "vite";

/** A server of the page. */
export interface PageServer {
  /** The page's address: the same as long as it is served. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Builds the page and serves it on a free port. */
export async function servePage(): Promise<PageServer> {
  const { entry, parts } = await buildPage();
  const html = `<!doctype html><meta charset="utf-8"><title>A device</title><script type="module" src="/${entry}"></script>`;
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const part = parts.get(pathname);
    response.writeHead(part === undefined && pathname !== "/" ? 404 : 200, {
      "content-type": part === undefined ? "text/html" : "text/javascript",
    });
    response.end(part ?? html);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The entry's name, and every part by its path: some are loaded when they are first needed. */
async function buildPage(): Promise<{ entry: string; parts: ReadonlyMap<string, string> }> {
  const made = await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: { write: false, minify: false, target: "es2023", lib: { entry: join(import.meta.dirname, "page.ts"), formats: ["es"] } },
  });
  const [built] = made as readonly Rolldown.RolldownOutput[];
  if (built === undefined) throw new Error("the page was not built");
  const parts = built.output.flatMap((part) => (part.type === "chunk" ? [[`/${part.fileName}`, part.code] as const] : []));
  return { entry: built.output[0].fileName, parts: new Map(parts) };
}
