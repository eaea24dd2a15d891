// Looks for what must not be there: a secret in any of the spellings in which it could have leaked, in bytes or in a directory tree.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Something that must not be found, and what it is. */
export interface Needle {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** A text as a needle. */
export function textNeedle(what: string, text: string): Needle {
  return { what, bytes: Buffer.from(text, "utf8") };
}

/** The spellings searched: raw, hex of both cases, base64 (at each alignment), base64url, UTF-16, reversed bytes. */
export function spellings(bytes: Uint8Array): Buffer[] {
  const raw = Buffer.from(bytes);
  const found = [raw, Buffer.from(raw.toString("hex")), Buffer.from(raw.toString("hex").toUpperCase()), Buffer.from(raw).reverse()];
  for (let shift = 0; shift < 3; shift++) {
    // Inside a longer base64 text the needle may start at any of three alignments; the first and last characters depend on the neighbours.
    const padded = Buffer.concat([Buffer.alloc(shift), raw]);
    const inner = (text: string): string => text.replaceAll("=", "").slice(shift === 0 ? 0 : shift + 1, -2);
    found.push(Buffer.from(inner(padded.toString("base64"))), Buffer.from(inner(padded.toString("base64url"))));
  }
  found.push(Buffer.from(raw.toString("latin1"), "utf16le"));
  return found.filter((spelling) => spelling.length >= 5);
}

/** The needles that occur in a haystack. */
export function findIn(haystack: Uint8Array, needles: readonly Needle[]): string[] {
  const buffer = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
  return needles.filter((needle) => spellings(needle.bytes).some((spelling) => buffer.includes(spelling))).map((needle) => needle.what);
}

/** Every file below a directory, with its bytes. */
export async function readTree(directory: string): Promise<{ path: string; bytes: Buffer }[]> {
  const files: { path: string; bytes: Buffer }[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({ path, bytes: await readFile(path) });
  }
  return files;
}
