// Serves the web app's files from one directory: `/` is index.html, hashed assets are kept forever, a precompressed neighbour (.br, .gz) is
// preferred. Never leaves the directory, also not by a link. Not its concern: security headers (headers.ts).

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { IncomingHttpHeaders } from "node:http";
import { WireError } from "@sotto/wire";
import type { Answer } from "../http/answer.ts";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

/** A bundler's name: the content's hash before the ending. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** A directory of files. */
export class StaticFiles {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** @param directory must exist */
  static async open(directory: string): Promise<StaticFiles> {
    return new StaticFiles(await realpath(directory));
  }

  /** The file under a URL's path. Throws `request/not-found`. */
  async get(path: string, headers: IncomingHttpHeaders): Promise<Answer> {
    const name = path === "/" ? "/index.html" : path;
    const file = await this.#find(name);
    const encoded = await this.#encoded(file, `${headers["accept-encoding"] ?? ""}`);
    const { size, mtimeMs } = await stat(encoded.file);
    const etag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}${encoded.encoding ?? ""}"`;
    const shared = {
      "cache-control": name.startsWith("/assets/") && HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
      etag,
      vary: "accept-encoding",
    };
    if (headers["if-none-match"] === etag) return { status: 304, headers: shared };
    return {
      status: 200,
      headers: {
        ...shared,
        "content-type": MEDIA_TYPES[extname(name)] ?? "application/octet-stream",
        "content-length": `${size}`,
        ...(encoded.encoding && { "content-encoding": encoded.encoding }),
      },
      body: createReadStream(encoded.file),
    };
  }

  async #find(path: string): Promise<string> {
    try {
      const name = decodeURIComponent(path);
      // Hidden files, parent directories, drive letters and streams of Windows: nothing that a web app's file is called.
      if (!/^(\/[A-Za-z0-9_@+~-][A-Za-z0-9_.@+~-]*)+$/.test(name)) throw new Error("not a name");
      const file = await realpath(join(this.#root, name));
      if (!file.startsWith(this.#root + sep) || !(await stat(file)).isFile()) throw new Error("not a file of the app");
      return file;
    } catch {
      throw new WireError("request/not-found", "there is nothing under this path");
    }
  }

  async #encoded(file: string, accepted: string): Promise<{ file: string; encoding?: string }> {
    for (const [encoding, ending] of [
      ["br", ".br"],
      ["gzip", ".gz"],
    ] as const) {
      if (!new RegExp(`\\b${encoding}\\b`).test(accepted)) continue;
      if (
        await stat(file + ending).then(
          (found) => found.isFile(),
          () => false,
        )
      )
        return { file: file + ending, encoding };
    }
    return { file };
  }
}
