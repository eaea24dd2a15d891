// What a person typed as their 24 words, looked at word by word. Takes the text, gives each word with a mark and suggestions.
// Not its concern: whether the words together are an account's (the client says so when it restores).

import { checkWords } from "@sotto/client";

/** Words of a phrase made here. */
export const WORDS = 24;
/** Words of a phrase that other wallets made: read, never made. */
const SHORT_WORDS = 12;

/** One typed word. `writing`: it is the last one and may only be unfinished. */
export interface EntryWord {
  word: string;
  state: "right" | "wrong" | "writing";
  suggestions: readonly string[];
}

/** All that was typed. */
export interface Entry {
  words: readonly EntryWord[];
  wrong: number;
  /** All words are there and right, so that it is worth asking the client. */
  complete: boolean;
}

/** Looks at a text. While `editing`, the last word counts as unfinished until something follows it. */
export function lookAt(text: string, editing: boolean): Entry {
  const found = checkWords(text);
  const open = editing && /[\p{L}\p{M}]$/u.test(text) && found.length < WORDS;
  const words = found.map(({ word, known, suggestions }, index): EntryWord => {
    if (known) return { word, state: "right", suggestions: [] };
    const last = open && index === found.length - 1;
    return { word, state: last ? "writing" : "wrong", suggestions };
  });
  const wrong = words.filter(({ state }) => state === "wrong").length;
  const enough = words.length === WORDS || words.length === SHORT_WORDS;
  return { words, wrong, complete: enough && words.every(({ state }) => state === "right") };
}

/** The text with its word at `position` (0-based) replaced; numbers, spaces and commas around it stay. */
export function replaceWord(text: string, position: number, word: string): string {
  let index = -1;
  return text.replace(/[\p{L}\p{M}]+/gu, (found) => {
    index++;
    return index === position ? word : found;
  });
}
