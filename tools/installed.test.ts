import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findChromium } from "./chromium.mjs";
import { missingPackages } from "./installed.mjs";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sotto-setup-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const otherPlatform = process.platform === "win32" ? "linux" : "win32";

function tree(wanted: Record<string, object>, present?: Record<string, object>): string {
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: wanted }));
  if (present) {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: present }));
  }
  return folder;
}

describe("setup", () => {
  it("sees that nothing is installed", () => {
    expect(missingPackages(tree({ "node_modules/a": { version: "1.0.0" } }))).toEqual(["node_modules (not there)"]);
  });

  it("sees a missing package, another version, and one for this system", () => {
    const wanted = {
      "node_modules/a": { version: "1.0.0" },
      "apps/x/node_modules/a": { version: "2.0.0" },
      "node_modules/here": { version: "1.0.0", optional: true, os: [process.platform], cpu: process.arch },
    };
    expect(missingPackages(tree(wanted, { "node_modules/a": { version: "0.9.0" } }))).toEqual([
      "a (0.9.0, wanted 1.0.0)",
      "a (missing, wanted 2.0.0)",
      "here (missing, wanted 1.0.0)",
    ]);
  });

  it("asks for nothing that does not belong here", () => {
    const wanted = {
      "": { version: "1.0.0" },
      "packages/x": { version: "1.0.0" },
      "node_modules/elsewhere": { version: "1.0.0", optional: true, os: [otherPlatform] },
      "node_modules/not-here": { version: "1.0.0", optional: true, os: [`!${process.platform}`] },
      "node_modules/needed-elsewhere-only": { version: "1.0.0", optional: true },
    };
    expect(missingPackages(tree(wanted, {}))).toEqual([]);
  });

  it("sees a workspace that is not linked yet", () => {
    const wanted = { "packages/x": { version: "1.0.0" }, "node_modules/@sotto/x": { resolved: "packages/x", link: true } };
    expect(missingPackages(tree(wanted, {}))).toEqual(["@sotto/x (not linked)"]);
    mkdirSync(join(folder, "node_modules", "@sotto", "x"), { recursive: true });
    expect(missingPackages(folder)).toEqual([]);
  });

  it("finds a Chromium by its variable, and takes no other when the variable is wrong", () => {
    const path = join(folder, "chromium");
    writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 });
    expect(findChromium({ SOTTO_CHROMIUM: path })).toBe(path);
    expect(findChromium({ PATH: folder })).toBe(path);
    expect(findChromium({ SOTTO_CHROMIUM: join(folder, "absent"), PATH: folder })).toBeUndefined();
  });
});
