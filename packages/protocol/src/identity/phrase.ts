// The recovery phrase (spec §2): BIP-39, English, 24 words for 32 bytes of entropy; 12 words are read too. Takes entropy or what a person
// typed, gives a Phrase that does not print its words. What key comes of it, is not a concern here (account.ts).

import { wordlist } from "@scure/bip39/wordlists/english.js";
import { ProtocolError } from "../errors.ts";
import { MAX_PHRASE_TEXT, PHRASE_WORDS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { suggestWords } from "./suggestions.ts";

const BITS_PER_WORD = 11;
const ENTROPY_LENGTHS: readonly number[] = [16, 32];

/** A valid recovery phrase. Prints as `Phrase(24 words)` and refuses to become JSON. */
export class Phrase {
  readonly #entropy: Secret;
  readonly #words: readonly string[];

  /** Use `newPhrase`, `parsePhrase` or `phraseFromEntropy`: they see to it that words and entropy belong together. */
  constructor(entropy: Secret, words: readonly string[]) {
    this.#entropy = entropy;
    this.#words = words;
  }

  /** The words, in order. The name makes every use of them visible in review. */
  words(): readonly string[] {
    return this.#words;
  }

  /** What the words stand for: 32 bytes for 24 words, 16 for 12. */
  get entropy(): Secret {
    return this.#entropy;
  }

  toString(): string {
    return `Phrase(${this.#words.length} words)`;
  }

  toJSON(): never {
    throw new TypeError("a Phrase does not become JSON");
  }

  /** What `console.log` and test diffs show in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** A fresh phrase of 24 words. */
export function newPhrase(p: Primitives): Phrase {
  return phraseFromEntropy(p, p.randomBytes(32));
}

/** The phrase of 32 (24 words) or 16 bytes (12 words), which are copied. `argument/invalid` for another length. */
export function phraseFromEntropy(p: Primitives, entropy: Uint8Array): Phrase {
  if (!ENTROPY_LENGTHS.includes(entropy.length)) throw new ProtocolError("argument/invalid", "a phrase stands for 32 or 16 bytes");
  const bits = toBits(entropy) + checksumBits(p, entropy);
  const words: string[] = [];
  for (let i = 0; i < bits.length; i += BITS_PER_WORD) {
    words.push(wordlist[Number.parseInt(bits.slice(i, i + BITS_PER_WORD), 2)] as string);
  }
  return new Phrase(new Secret(entropy.slice()), words);
}

/**
 * The phrase that a person typed. Case, accents, extra spaces, commas and numbering ("1. abandon") do not matter.
 * `phrase/bad-word` { position (1-based), word, suggestions }, `phrase/bad-length` { words }, `phrase/bad-checksum`.
 */
export function parsePhrase(p: Primitives, text: string): Phrase {
  const words = splitWords(text);
  const bits = words.map((word, i) => wordBits(word, i + 1)).join("");
  if (!(PHRASE_WORDS as readonly number[]).includes(words.length)) {
    throw new ProtocolError("phrase/bad-length", `a recovery phrase has 24 words (or 12); this has ${words.length}`, {
      words: words.length,
    });
  }
  const entropy = toBytes(bits.slice(0, entropyBits(bits.length)));
  if (checksumBits(p, entropy) !== bits.slice(entropyBits(bits.length))) {
    throw new ProtocolError("phrase/bad-checksum", "all words exist, but together they are no phrase: one is wrong or two are swapped");
  }
  return new Phrase(new Secret(entropy), words);
}

/** One typed word: whether it is in the list and, if not, at most three that it may have meant. */
export interface CheckedWord {
  readonly word: string;
  readonly known: boolean;
  readonly suggestions: readonly string[];
}

/** Looks at each word while a person types, whether or not they make a phrase yet; what is far too long is cut. Never throws. */
export function checkWords(text: string): readonly CheckedWord[] {
  return splitWords(text.slice(0, MAX_PHRASE_TEXT)).map((word) => {
    const known = wordlist.includes(word);
    return { word, known, suggestions: known ? [] : suggestWords(word, wordlist) };
  });
}

function splitWords(text: string): string[] {
  if (text.length > MAX_PHRASE_TEXT) {
    throw new ProtocolError("phrase/bad-length", "this is much longer than a recovery phrase", { words: text.trim().split(/\s+/).length });
  }
  const letters = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return letters
    .split(/[\s,;]+/)
    .map((token) => token.replace(/^[([]?\d+[\]).:-]*/, ""))
    .filter((token) => token !== "");
}

function wordBits(word: string, position: number): string {
  const index = wordlist.indexOf(word);
  if (index === -1) {
    const details = { position, word: word.slice(0, 32), suggestions: suggestWords(word, wordlist) };
    throw new ProtocolError("phrase/bad-word", `word ${position} is not in the list of words`, details);
  }
  return index.toString(2).padStart(BITS_PER_WORD, "0");
}

/** Of 33 bits one is checksum. */
function entropyBits(totalBits: number): number {
  return (totalBits / 33) * 32;
}

function checksumBits(p: Primitives, entropy: Uint8Array): string {
  return toBits(p.sha256(entropy)).slice(0, entropy.length / 4);
}

function toBits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
}

function toBytes(bits: string): Uint8Array {
  return Uint8Array.from({ length: bits.length / 8 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
}
