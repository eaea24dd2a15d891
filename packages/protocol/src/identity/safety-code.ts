// The safety number as a code that a camera compares (spec I-20): who shows it and with whom they talk, as the hashes from which the digits
// are made, so that a photograph of it names nobody who is not known already. Takes two account keys; gives text, and what a text means for
// the two. Drawing and reading the picture is not a concern here.

import { base32 } from "@sotto/encoding";
import type { PublicKey } from "../agreement/key-pair.ts";
import { concat, equalBytes } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { accountFingerprint } from "./safety-number.ts";

/** "S", and the version: no other code of Sotto begins so. */
const HEAD = Uint8Array.of(0x53, 1);
const FINGERPRINT_LENGTH = 32;
const LENGTH = HEAD.length + 2 * FINGERPRINT_LENGTH;
const TEXT_LENGTH = Math.ceil((LENGTH * 8) / 5);

/**
 * - `match`: they show the code of this very conversation.
 * - `other`: the code of somebody whose key is among `others`.
 * - `mismatch`: a key is not the one that is held here, or they show their code with somebody else.
 * - `no-code`: something else.
 */
export type SafetyCodeResult = "match" | "mismatch" | "other" | "no-code";

/** The text of my code for a conversation: upper-case base32 (RFC 4648) without padding. */
export function safetyCode(p: Primitives, ours: PublicKey, theirs: PublicKey): string {
  return base32.encode(concat(HEAD, half(p, ours), half(p, theirs)));
}

/** What a code that somebody else shows says about the conversation with them; `others` are asked only when it is not theirs. */
export function compareSafetyCode(
  p: Primitives,
  text: string,
  ours: PublicKey,
  theirs: PublicKey,
  others: Iterable<PublicKey> = [],
): SafetyCodeResult {
  const bytes = decode(text);
  if (bytes === undefined) return "no-code";
  const shownBy = bytes.subarray(HEAD.length, HEAD.length + FINGERPRINT_LENGTH);
  const shownTo = bytes.subarray(HEAD.length + FINGERPRINT_LENGTH);
  if (equalBytes(shownBy, half(p, theirs))) return equalBytes(shownTo, half(p, ours)) ? "match" : "mismatch";
  for (const other of others) if (equalBytes(shownBy, half(p, other))) return "other";
  return "mismatch";
}

function half(p: Primitives, key: PublicKey): Uint8Array {
  return accountFingerprint(p, key).subarray(0, FINGERPRINT_LENGTH);
}

function decode(text: string): Uint8Array | undefined {
  // Longer than white space could make it, it is no code of ours, whatever it is.
  const compact = text.length > 4 * TEXT_LENGTH ? "" : text.replaceAll(/\s/g, "").toUpperCase();
  if (compact.length !== TEXT_LENGTH) return undefined;
  try {
    const bytes = base32.decode(compact);
    return equalBytes(bytes.subarray(0, HEAD.length), HEAD) ? bytes : undefined;
  } catch {
    return undefined;
  }
}
