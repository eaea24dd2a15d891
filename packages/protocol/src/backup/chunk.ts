// The chunks of a backup (spec §11): everything after its header, each of 64 KiB, each bound to its file, its number and to whether it is the
// last. What was cut off, exchanged, repeated or changed does not open. Takes and gives single chunks. Not a concern here: what is in them.
//
//   chunk i = XChaCha20-Poly1305(file key, nonce = 0 (15) || BE8(i) || last (1), plaintext 65,520, ad = header)

import { writeBigEndian } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { BackupHeader } from "./header.ts";

const TAG_LENGTH = 16;
const NUMBER_OFFSET = 15;

/** Bytes of a sealed chunk. */
export const CHUNK_LENGTH = 64 * 1024;
/** Bytes that a chunk carries. */
export const CHUNK_CONTENT = CHUNK_LENGTH - TAG_LENGTH;

/** Which chunk of a file this is. */
export interface ChunkPlace {
  readonly number: number;
  readonly last: boolean;
}

/** Seals 65,520 bytes. */
export function sealChunk(p: Primitives, header: BackupHeader, place: ChunkPlace, content: Uint8Array): Uint8Array {
  return p.xchacha20poly1305.seal(header.key.expose(), nonce(place), content, header.bytes);
}

/** Opens 65,536 bytes; `undefined` unless they are this chunk of this file. */
export function openChunk(p: Primitives, header: BackupHeader, place: ChunkPlace, sealed: Uint8Array): Uint8Array | undefined {
  return p.xchacha20poly1305.open(header.key.expose(), nonce(place), sealed, header.bytes);
}

/**
 * How many chunks a file has that needs `needed` of them: at least 4 (256 KiB), and rounded up so that only the three leading bits of the
 * number say anything. That is four sizes for each doubling, and less than a quarter on top.
 */
export function paddedChunks(needed: number): number {
  const least = Math.max(4, needed);
  const step = 2 ** (Math.floor(Math.log2(least)) - 2);
  return Math.ceil(least / step) * step;
}

function nonce({ number, last }: ChunkPlace): Uint8Array {
  const bytes = new Uint8Array(24);
  writeBigEndian(bytes, NUMBER_OFFSET, 8, number);
  bytes[23] = last ? 1 : 0;
  return bytes;
}
