import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandError } from "../output/command-error.ts";
import { Place, placeOf } from "./place.ts";

let base = "";
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), "sotto-place-"))));
afterEach(() => rmSync(base, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("place", () => {
  it("is the flag, else SOTTO_DIR, else the XDG folder, else the home folder", () => {
    const env = { SOTTO_DIR: "/b", XDG_DATA_HOME: "/c", HOME: "/d" };
    expect(placeOf("/a", env).folder).toBe("/a");
    expect(placeOf(undefined, env).folder).toBe("/b");
    expect(placeOf(undefined, { ...env, SOTTO_DIR: "" }).folder).toBe("/c/sotto");
    expect(placeOf(undefined, { XDG_DATA_HOME: "relative", HOME: "/d" }).folder).toBe("/d/.local/share/sotto");
  });

  it("is made for me alone, and taken back from others", () => {
    const place = new Place(join(base, "deep", "sotto"));
    place.secure();
    expect(modeOf(place.folder)).toBe(0o700);
    chmodSync(place.folder, 0o755);
    place.secure();
    expect(modeOf(place.folder)).toBe(0o700);
  });

  it("refuses a file and a link", () => {
    writeFileSync(join(base, "file"), "");
    mkdirSync(join(base, "folder"));
    symlinkSync(join(base, "folder"), join(base, "link"));
    expect(() => new Place(join(base, "file")).secure()).toThrow(/EEXIST|not a folder/);
    expect(() => new Place(join(base, "link")).secure()).toThrow(CommandError);
  });

  it("remembers the relay in a file of mode 0600, and leaves no draft", () => {
    const place = new Place(base);
    expect(place.relay).toBeUndefined();
    place.rememberRelay("https://one.example");
    place.rememberRelay("https://two.example");
    expect(new Place(base).relay).toBe("https://two.example");
    expect(readdirSync(base)).toEqual(["settings.json"]);
    expect(modeOf(join(base, "settings.json"))).toBe(0o600);
  });

  it("says so when the settings are damaged", () => {
    writeFileSync(join(base, "settings.json"), "{");
    expect(() => new Place(base).relay).toThrow(CommandError);
    writeFileSync(join(base, "settings.json"), "[1]");
    expect(new Place(base).relay).toBeUndefined();
  });
});
