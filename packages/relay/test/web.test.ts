// The web app's files, as a browser gets them.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Relay, startRelay } from "../src/index.ts";
import { ask } from "./support/relay-client.ts";

let directory: string;
let relay: Relay;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sotto-web-"));
  const webRoot = join(directory, "web");
  mkdirSync(join(webRoot, "assets"), { recursive: true });
  writeFileSync(join(directory, "secret.txt"), "not for the web");
  writeFileSync(join(webRoot, ".env"), "not for the web either");
  writeFileSync(join(webRoot, "index.html"), "<!doctype html>");
  writeFileSync(join(webRoot, "sw.js"), "self");
  writeFileSync(join(webRoot, "assets", "app-3fa9c0de.js"), "app()");
  writeFileSync(join(webRoot, "assets", "app-3fa9c0de.js.br"), brotliCompressSync("app()"));
  symlinkSync(join(directory, "secret.txt"), join(webRoot, "link.txt"));
  relay = await startRelay({ dataDir: join(directory, "data"), port: 0, webRoot });
});

afterAll(async () => {
  await relay.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A request whose path no client library tidies up. */
function rawGet(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ port: relay.port, host: "127.0.0.1", path, method: "GET" }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on("error", reject)
      .end();
  });
}

describe("the web app", () => {
  it("is at the root, with headers that let nothing else run", async () => {
    const page = await ask(relay, "/");
    expect([page.status, Buffer.from(page.body).toString()]).toEqual([200, "<!doctype html>"]);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy.replace("'wasm-unsafe-eval'", "")).not.toMatch(/unsafe|\*/);
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("permissions-policy")).toContain("camera=(self)");
    expect(page.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("has hashed assets that are kept forever, compressed where they are", async () => {
    const asset = await ask(relay, "/assets/app-3fa9c0de.js", { headers: { "accept-encoding": "gzip, br" } });
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-encoding")).toBe("br");
    expect(Buffer.from(asset.body).toString()).toBe("app()");
    const plain = await ask(relay, "/assets/app-3fa9c0de.js", { headers: { "accept-encoding": "identity" } });
    expect([plain.headers.get("content-encoding"), Buffer.from(plain.body).toString()]).toEqual([null, "app()"]);
    expect((await ask(relay, "/sw.js")).headers.get("cache-control")).toBe("no-cache");
  });

  it("is not sent again when the browser has it", async () => {
    const etag = (await ask(relay, "/")).headers.get("etag") ?? "";
    const again = await ask(relay, "/", { headers: { "if-none-match": etag } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const head = await ask(relay, "/", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), head.body.length]).toEqual([200, "15", 0]);
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/..\\..\\secret.txt",
    "//etc/passwd",
    "/link.txt",
    "/.env",
    "/index.html%00.js",
    "/%",
    "/assets",
    "/assets/",
    "/nothing.js",
  ])("does not give out %s", async (path) => {
    const { status, body } = await rawGet(path);
    expect(status).toBe(404);
    expect(body).not.toContain("not for the web");
  });

  it("leaves the API where it is", async () => {
    expect((await ask(relay, "/v1/info")).status).toBe(200);
    expect((await ask(relay, "/healthz")).status).toBe(200);
    expect(await ask(relay, "/", { method: "POST", body: "x" })).toMatchObject({ status: 404 });
  });
});
