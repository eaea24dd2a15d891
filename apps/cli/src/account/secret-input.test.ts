import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../args/parse.ts";
import { CommandError } from "../output/command-error.ts";
import { readDescriptor, readPrivateFile, withoutLineEnd } from "./secret-input.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sotto-secret-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(bytes: Uint8Array, mode = 0o600): string {
  const path = join(folder, "secret");
  writeFileSync(path, bytes);
  chmodSync(path, mode);
  return path;
}

const SECRETS: readonly (readonly [string, Uint8Array])[] = [
  ["64 random bytes", randomBytes(64)],
  ["bytes that are no UTF-8", Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0x0a)],
  ["a text that ends with a line's end", Buffer.from("correct horse\r\n")],
];

describe("a secret from elsewhere", () => {
  it.each(SECRETS)("is read byte for byte: %s", (_, secret) => {
    const path = file(secret);
    expect(Buffer.from(readPrivateFile(path))).toEqual(Buffer.from(secret));
    const descriptor = openSync(path, "r");
    try {
      expect(Buffer.from(readDescriptor("secret-fd", String(descriptor)))).toEqual(Buffer.from(secret));
    } finally {
      closeSync(descriptor);
    }
  });

  it("is refused when others can read it, and when it is not there", () => {
    expect(() => readPrivateFile(file(Buffer.from("x"), 0o640))).toThrow(/chmod 600/);
    expect(() => readPrivateFile(join(folder, "nothing"))).toThrow(CommandError);
    expect(() => readPrivateFile(folder)).toThrow(CommandError);
    expect(() => readDescriptor("secret-fd", "one")).toThrow(UsageError);
    expect(() => readDescriptor("secret-fd", "987654")).toThrow(CommandError);
  });
});

it.each([
  ["one\n", "one"],
  ["one\r\n", "one"],
  ["one\n\n", "one\n"],
  ["one\r", "one\r"],
  ["one", "one"],
  ["\n", ""],
  ["", ""],
])("a line %j without its end is %j", (line, text) => {
  expect(Buffer.from(withoutLineEnd(Buffer.from(line))).toString()).toBe(text);
});
