// UTF-8 (RFC 3629), both ways, by hand: what compiles without a platform has no TextEncoder, and the platform's decoder swallows a leading
// U+FEFF. Takes well-formed text; of bytes it reads only what it would write: no surrogates, no longer spellings, nothing above U+10FFFF.

import { EncodingError } from "./value.ts";

/** Units that are joined at once: far below what an engine takes as arguments. */
const CHUNK = 1024;

/** Bytes of a well-formed text in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair counts two of the four bytes.
    if (unit >= 0x80) length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return length;
}

/** Writes a well-formed text, which takes `utf8Length` bytes. */
export function writeUtf8(text: string, into: Uint8Array, offset: number): void {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      into[at++] = unit;
    } else if (unit < 0x800) {
      into[at++] = 0xc0 | (unit >> 6);
      into[at++] = continuation(unit);
    } else if (unit < 0xd800 || unit >= 0xe000) {
      into[at++] = 0xe0 | (unit >> 12);
      into[at++] = continuation(unit >> 6);
      into[at++] = continuation(unit);
    } else {
      const point = text.codePointAt(i++) as number;
      into[at++] = 0xf0 | (point >> 18);
      into[at++] = continuation(point >> 12);
      into[at++] = continuation(point >> 6);
      into[at++] = continuation(point);
    }
  }
}

/** Reads the bytes from `start` up to `end`. Throws `EncodingError`. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let units: number[] = [];
  for (let at = start; at < end;) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      units.push(first);
    } else {
      const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
      let point = first & (0x3f >> more);
      if (first < 0xc2 || first > 0xf4 || at + more > end) throw notUtf8();
      for (let i = 0; i < more; i++) {
        const next = bytes[at++] as number;
        if (next >> 6 !== 2) throw notUtf8();
        point = (point << 6) | (next & 0x3f);
      }
      if (point < SHORTEST[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) throw notUtf8();
      if (point < 0x10000) units.push(point);
      else units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff));
    }
    if (units.length >= CHUNK) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

/** The first code point that needs so many bytes after the first. */
const SHORTEST = [0, 0x80, 0x800, 0x10000] as const;

const continuation = (bits: number): number => 0x80 | (bits & 0x3f);

function notUtf8(): EncodingError {
  return new EncodingError("a text is not UTF-8");
}
