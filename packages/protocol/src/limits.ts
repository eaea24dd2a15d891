// Every bound of the protocol, each with its reason. A decoder that reads a length, a count or a number from outside checks it against one
// of these before it allocates or computes.

// Identity (spec §2)

/** Words of a phrase that is read: 12 for phrases made elsewhere, 24 for ours. */
export const PHRASE_WORDS = [12, 24] as const;
/** Bytes of a phrase's text: 24 words of at most 8 letters with numbering fit several times; a pasted book does not. */
export const MAX_PHRASE_TEXT = 1024;
/** Characters of an account id as text: `sotto1`, 52 characters of key, 6 of checksum. */
export const ACCOUNT_ID_LENGTH = 64;
/** Device ids are 1..127, Signal's range, so that an id is one byte everywhere. An id is never used for a second key. */
export const MAX_DEVICE_ID = 127;
/** Devices of an account. A message to a person is encrypted for each of them, so this bounds the cells one message costs. */
export const MAX_DEVICES = 16;
/** Registration ids have 14 bits, as in Signal. */
export const MAX_REGISTRATION_ID = 0x3fff;
/** What recovery adds to the highest list version seen: it overtakes versions that were signed but never seen by who recovers. */
export const RECOVERY_VERSION_STEP = 1000;
/** A device list is signed again at least this often (ms), so that its age says something. */
export const DEVICE_LIST_REFRESH_MS = 7 * 24 * 60 * 60 * 1000;
/** A device list older than this (ms) warns: a relay may be hiding a newer one. */
export const DEVICE_LIST_STALE_MS = 30 * 24 * 60 * 60 * 1000;
/** Rounds of SHA-512 in a safety number: Signal's, they slow a search for keys with alike numbers. */
export const SAFETY_NUMBER_ITERATIONS = 5200;

// Streams (spec §4)

/** Bytes of a tag: two random tags never meet (2^64 cells before a chance). */
export const TAG_LENGTH = 16;
/** Bytes of a cell's body, every cell alike: a size says nothing. */
export const CELL_BODY_LENGTH = 4096;
/** Bytes that a cell carries: the body without salt 16, authentication tag 16, kind 1 and length 2. */
export const MAX_PAYLOAD = CELL_BODY_LENGTH - 16 - 16 - 1 - 2;

// Encoding

/** Nesting of CBOR: contents need four levels; a decoder without a bound overflows the stack. */
export const MAX_CBOR_DEPTH = 8;
