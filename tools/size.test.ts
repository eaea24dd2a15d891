import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseSync } from "vite";
import { describe, expect, it } from "vitest";
import { alsoLoading, bundleCode, bundlePage, compressedSize, shares } from "./bundle.ts";
import { budgets, isOver, line, measure } from "./size.ts";
import { root } from "./source-files.ts";

/** Text that does not compress: `bytes` bytes of it weigh about half as much. */
const ballast = (bytes: number): string => {
  let state = 1;
  const digit = (): string => ((state = (state * 48271) % 2147483647) % 16).toString(16);
  return Array.from({ length: bytes }, digit).join("");
};

describe("the size of a bundle", () => {
  it("counts what is imported, and what of that is not used does not count", async () => {
    const small = await bundleCode('export { concat } from "@sotto/protocol";');
    const large = await bundleCode('export { concat, decodeContents } from "@sotto/protocol";');
    expect(compressedSize(small, "gzip")).toBeLessThan(500);
    expect(compressedSize(large, "gzip")).toBeGreaterThan(2000);
    expect(shares(large, "gzip").map(({ name }) => name)).toContain("packages/encoding/src");
  });

  it("counts what is loaded later only once it is asked for", async () => {
    const bundle = await bundleCode('export const load = () => import("@sotto/protocol/primitives/argon2id");');
    const later = alsoLoading(bundle, "primitives/argon2id.ts");
    expect(compressedSize(bundle, "gzip")).toBeLessThan(1500);
    expect(compressedSize(later, "gzip")).toBeGreaterThan(4000);
    expect(() => alsoLoading(bundle, "no-such.ts")).toThrow("no chunk");
  });
});

describe("the web app", () => {
  it("is one file until it is painted, one more until it shows chats, and one more until it receives", async () => {
    const painted = await bundlePage("apps/web", "src/main.tsx");
    expect(painted.first.map(({ name }) => name)).toEqual(["app"]);
    const withClient = alsoLoading(painted, "src/state/sdk.ts").first;
    // The bundler adds a file of its own, a few lines long, when it needs it.
    expect(withClient.map(({ name }) => name).filter((name) => name !== "rolldown-runtime")).toEqual(["app", "client"]);
    const receiving = alsoLoading({ ...painted, first: withClient }, "src/engine/receiving.ts").first;
    expect(receiving.map(({ name }) => name).filter((name) => name !== "rolldown-runtime")).toEqual(["app", "client", "receiving"]);
    expect(painted.first[0]?.dynamicImports).toContain(withClient[1]?.fileName);
    expect(painted.first.flatMap(({ imports }) => imports)).toEqual([]);
  });
});

describe("each file of the web app", () => {
  it("is a module whose exports exist, and imports what others export", async () => {
    const { chunks } = await bundlePage("apps/web", "src/main.tsx");
    const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
    for (const { fileName, code } of chunks) {
      const { errors, module } = parseSync(fileName, code, { sourceType: "module", showSemanticErrors: true });
      expect(errors, fileName).toEqual([]);
      for (const { moduleRequest, entries } of module.staticImports) {
        const from = byName.get(`assets/${moduleRequest.value.slice(2)}`);
        for (const { importName } of entries) if (importName.name !== null) expect(from?.exports, fileName).toContain(importName.name);
      }
    }
  });

  it("would be found if it exported what is not there", () => {
    expect(parseSync("a.js", "export { missing as t };", { sourceType: "module", showSemanticErrors: true }).errors).not.toEqual([]);
  });
});

describe("a budget", () => {
  it("of more than it allows is reported", async () => {
    const planted = { name: "planted", compression: "gzip", limit: 10, reason: "a test" } as const;
    const over = await measure({ ...planted, bundle: () => bundleCode(`export const ballast = "${ballast(30_000)}";`) });
    expect(isOver(over)).toBe(true);
    expect(line(over)).toMatch(/^✗ planted +1\d\.\d kB of 10 \(gzip\): a test$/);
    const within = await measure({ ...planted, bundle: () => bundleCode(`export const ballast = "${ballast(3000)}";`) });
    expect(isOver(within)).toBe(false);
    expect(line(within)).toMatch(/^✓/);
  });

  it("holds, each of them", async () => {
    // A process of its own: tests run with another NODE_ENV, and libraries bring more code for that.
    const env = { ...process.env, NODE_ENV: "production" };
    const ended = spawnSync(process.execPath, [join(root, "tools", "size.ts")], { env, encoding: "utf8" });
    expect(ended.stdout.match(/^✓/gm) ?? [], ended.stdout + ended.stderr).toHaveLength(budgets.length);
    expect(ended.status).toBe(0);
  });
});
