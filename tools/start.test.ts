import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lanAddress } from "./lan-address.ts";
import { isStale } from "./web-build.ts";

const ip = (address: string, internal = false): { address: string; family: string; internal: boolean } => ({
  address,
  family: "IPv4",
  internal,
});

describe("lan address", () => {
  it("prefers a real interface over containers, tunnels and link-local addresses", () => {
    expect(lanAddress({ docker0: [ip("172.17.0.1")], lo: [ip("127.0.0.1", true)], wlan0: [ip("192.168.1.5")] })).toBe("192.168.1.5");
    expect(lanAddress({ eth1: [ip("169.254.3.3")], eth0: [ip("10.0.0.7")] })).toBe("10.0.0.7");
  });

  it("knows none where there is only this computer", () => {
    expect(lanAddress({ lo: [ip("127.0.0.1", true)], eth0: [{ address: "fe80::1", family: "IPv6", internal: false }] })).toBeUndefined();
  });
});

describe("stale build", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sotto-build-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, seconds: number): string => {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "");
    utimesSync(path, seconds, seconds);
    return path;
  };

  it("is one that is missing or older than a source, in any depth", () => {
    const source = write("src/deep/a.ts", 1000);
    expect(isStale([folder], join(folder, "dist/index.html"))).toBe(true);
    const built = write("dist/index.html", 2000);
    expect(isStale([folder], built)).toBe(false);
    utimesSync(source, 3000, 3000);
    expect(isStale([folder], built)).toBe(true);
  });

  it("does not look at tests, dependencies or the build itself", () => {
    write("src/a.ts", 1000);
    const built = write("dist/index.html", 2000);
    for (const later of ["src/a.test.ts", "test/b.ts", "node_modules/c.js", "dist/d.js"]) write(later, 3000);
    expect(isStale([folder], built)).toBe(false);
  });
});
