// The systematic Reed-Solomon code that lets keys and ciphertexts travel in chunks of 32 bytes: any k distinct chunks give the message
// back. A chunk is 16 big-endian words; word j of chunk i is f_j(i), f_j the polynomial of degree < k through the data. spec/03 §9.

import { ProtocolError } from "../../errors.ts";
import { divide, multiply } from "./gf16.ts";

/** Bytes in a chunk. */
export const CHUNK = 32;
const WORDS = CHUNK / 2;
const MAX_INDEX = 0xffff;

/** One numbered piece of a message. */
export interface Chunk {
  readonly index: number;
  readonly data: Uint8Array;
}

/** A message being sent chunk by chunk: an immutable value. */
export interface Encoder {
  readonly message: Uint8Array;
  readonly next: number;
}

export const startEncoder = (message: Uint8Array): Encoder => ({ message, next: 0 });

/** The next chunk; the index counts up and wraps at 2^16. */
export function nextChunk(state: Encoder): { encoder: Encoder; chunk: Chunk } {
  const chunk = { index: state.next, data: chunkAt(state.message, state.next) };
  return { encoder: { message: state.message, next: (state.next + 1) & MAX_INDEX }, chunk };
}

function chunkAt(message: Uint8Array, index: number): Uint8Array {
  const count = message.length / CHUNK;
  if (index < count) return message.slice(index * CHUNK, (index + 1) * CHUNK);
  const xs = Array.from({ length: count }, (_, i) => i);
  return combine(
    lagrangeWeights(xs, index),
    xs.map((x) => message.subarray(x * CHUNK, (x + 1) * CHUNK)),
  );
}

/** The weights w with f(at) = sum of w[i] x f(xs[i]) for every polynomial of degree < xs.length; `at` is none of the xs. */
function lagrangeWeights(xs: readonly number[], at: number): number[] {
  let all = 1;
  for (const x of xs) all = multiply(all, at ^ x);
  return xs.map((x) => {
    let denominator = at ^ x;
    for (const other of xs) if (other !== x) denominator = multiply(denominator, x ^ other);
    return divide(all, denominator);
  });
}

function combine(weights: readonly number[], chunks: readonly Uint8Array[]): Uint8Array {
  const words = new Uint16Array(WORDS);
  chunks.forEach((chunk, i) => {
    const weight = weights[i] as number;
    for (let j = 0; j < WORDS; j++) {
      const word = ((chunk[2 * j] as number) << 8) | (chunk[2 * j + 1] as number);
      words[j] = (words[j] as number) ^ multiply(weight, word);
    }
  });
  const data = new Uint8Array(CHUNK);
  words.forEach((word, j) => {
    data[2 * j] = word >> 8;
    data[2 * j + 1] = word & 0xff;
  });
  return data;
}

/** A message being received: an immutable value. */
export interface Decoder {
  /** Bytes of the whole message, a multiple of 32. */
  readonly size: number;
  readonly chunks: readonly Chunk[];
}

export const startDecoder = (size: number): Decoder => ({ size, chunks: [] });

/** Takes a chunk in; one with an index already held is ignored. `message` is there once enough chunks are. */
export function addChunk(state: Decoder, chunk: Chunk): { decoder: Decoder; message?: Uint8Array } {
  if (chunk.data.length !== CHUNK || chunk.index < 0 || chunk.index > MAX_INDEX) {
    throw new ProtocolError("decode/invalid", "not a chunk of the post-quantum ratchet");
  }
  if (state.chunks.some((held) => held.index === chunk.index)) return { decoder: state };
  const decoder = { size: state.size, chunks: [...state.chunks, chunk] };
  const count = state.size / CHUNK;
  return decoder.chunks.length < count ? { decoder } : { decoder, message: interpolate(decoder.chunks, count) };
}

function interpolate(chunks: readonly Chunk[], count: number): Uint8Array {
  const xs = chunks.map((chunk) => chunk.index);
  const values = chunks.map((chunk) => chunk.data);
  const message = new Uint8Array(count * CHUNK);
  for (let at = 0; at < count; at++) {
    const held = xs.indexOf(at);
    message.set(held >= 0 ? (values[held] as Uint8Array) : combine(lagrangeWeights(xs, at), values), at * CHUNK);
  }
  return message;
}
