import { describe, expect, it } from "vitest";
import { lockfileFindings } from "./lockfile.ts";

const lock = (packages: Record<string, object>): string => JSON.stringify({ lockfileVersion: 3, packages });
const good = { version: "1.0.0", integrity: "sha512-x" };

describe("lockfile", () => {
  it("accepts hashed packages without a host, and links to workspaces", () => {
    const text = lock({
      "": {},
      "packages/a": {},
      "node_modules/a": good,
      "node_modules/@sotto/a": { resolved: "packages/a", link: true },
    });
    expect(lockfileFindings(text)).toEqual([]);
  });

  it.each([
    ["names a host", { ...good, resolved: "https://registry.example/a.tgz" }],
    ["no integrity hash", { version: "1.0.0" }],
    ["install script", { ...good, hasInstallScript: true }],
  ])("reports a package that %s", (reason, entry) => {
    expect(lockfileFindings(lock({ "node_modules/a/node_modules/@scope/b": entry }))).toEqual([
      expect.stringMatching(`@scope/b: .*${reason}`),
    ]);
  });
});
