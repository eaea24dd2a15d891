// Every bound of the protocol, each with its reason. A decoder that reads a length, a count or a number from outside checks it against one
// of these before it allocates or computes.

// Identity (spec §2)

/** Words of a phrase that is read: 12 for phrases made elsewhere, 24 for ours. */
export const PHRASE_WORDS = [12, 24] as const;
/** Bytes of a phrase's text: 24 words of at most 8 letters with numbering fit several times; a pasted book does not. */
export const MAX_PHRASE_TEXT = 1024;
/** Characters of an account id as text: `sotto1`, 52 characters of key, 6 of checksum. */
export const ACCOUNT_ID_LENGTH = 64;
/** Device ids are 1..127, Signal's range, so that an id is one byte everywhere. Restoring may use one again (I-16). */
export const MAX_DEVICE_ID = 127;
/** Devices of an account. A message to a person is encrypted for each of them, so this bounds the cells one message costs. */
export const MAX_DEVICES = 16;
/** Registration ids have 14 bits, as in Signal. */
export const MAX_REGISTRATION_ID = 0x3fff;
/** The highest version of a device list: a new one every second for two million years. It leaves room to count lists within a version. */
export const MAX_LIST_VERSION = 2 ** 46;
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
/** Cells watched ahead of the highest seen in a chain (spec §4): so many in a row may be lost. Each costs one entry of the tag table. */
export const RECEIVING_WINDOW = 64;
/** Windows to widen to, in this order, for a stream that may have lost more than a window: 2,000 takes milliseconds, 25,000 a second. */
export const WIDE_WINDOWS = [2_000, 25_000] as const;
/**
 * Gaps remembered in a chain: four windows. A writer's outbox is first in, first out, so a gap is a burned index or a cell that the relay
 * lost, and mostly stays one. The oldest are given up first: a hostile peer who skips cannot make table and record grow.
 */
export const MAX_GAPS = 256;
/** Ended chains of which missing cells are still watched, as many as the ratchet keeps keys for besides the current one. */
export const MAX_ENDED_CHAINS = 4;
/** Replaced sessions whose streams are still watched. */
export const MAX_WATCHED_ARCHIVED_SESSIONS = 3;
/** Cells of one chain: BE4 counts them. */
export const MAX_CELLS = 0xffff_ffff;

// Meeting (spec §5)

/** A bundle older than this (ms) is refused: a device signs a fresh one weekly. */
export const MAX_BUNDLE_AGE_MS = 14 * 24 * 60 * 60 * 1000;
/** How far ahead of our clock (ms) a bundle may be issued: clocks differ, by less than this. */
export const MAX_CLOCK_SKEW_MS = 60 * 60 * 1000;
/** How often a device makes new prekeys (ms): what a thief of them can read of first messages is bounded by it. */
export const PREKEY_RENEWAL_MS = 7 * 24 * 60 * 60 * 1000;
/**
 * How long private halves are kept after they were made (ms): a bundle of the first week is accepted until the third, and its hello lies on a
 * board for nine days at least.
 */
export const PREKEY_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;
/** Generations of prekeys held at once: those of a lifetime and two more, however often a clock is set. */
export const MAX_PREKEY_GENERATIONS = 7;
/** One-time prekeys in the list that a device publishes; when fewer than half of them are unspent it publishes another list. */
export const ONE_TIME_PREKEYS = 20;
/** Unspent one-time prekeys held, of all lists that were published: the oldest go first. */
export const MAX_HELD_ONE_TIME_PREKEYS = 500;
/** One-time prekeys in a list that somebody else published. */
export const MAX_ONE_TIME_PREKEYS = 100;
/** Hellos remembered so that none is answered twice. From half of it on prekeys are renewed early and old ones erased; at all of it none is answered. */
export const MAX_REMEMBERED_HELLOS = 10_000;
/** Bits of the locator that our devices publish (spec §4, B_MAX): 0, everybody in one shard, until boards have readers for more. */
export const MAX_PUBLISHED_BITS = 0;
/** Bytes of a relay's address: an onion address with port and path fits, and an invite with it still fits a QR code. */
export const MAX_RELAY_LENGTH = 255;
/** Relays of one account: a home, and others for when it is gone. Each is one more connection of every device. */
export const MAX_RELAYS = 4;
/** Bytes of the addresses of an account's relays together: two of the longest, or four as people have them. */
export const MAX_RELAYS_LENGTH = 510;
/** Relays that an account has left and still reads: as many as three moves within a month leave. */
export const MAX_FORMER_RELAYS = 12;
/** Code points of a name: one line of a phone. */
export const MAX_NAME_LENGTH = 64;
/** Bytes that a hello's prekey message adds to what it carries, with the largest ids: 1,667 around the message, 128 in it, 16 of padding. */
export const PREKEY_MESSAGE_OVERHEAD = 1811;
/** Bytes that a hello's content adds to the card in it, with the largest numbers and both list states. */
export const HELLO_ENVELOPE = 193;
/** Bytes of a card: lists and bundles of 16 devices, the longest relays and name. */
export const MAX_CARD_LENGTH = 34_000;
/** Requests watched ahead of the highest seen, for each pair of devices: requests are rare and their count is durable. */
export const REQUEST_WINDOW = 8;
/** People who may accept one invite: as many claim slots are watched. */
export const MAX_INVITE_USES = 20;
/** How long an invite may be open (ms): no longer than the bundles in it stay fresh. */
export const MAX_INVITE_AGE_MS = 14 * 24 * 60 * 60 * 1000;
/** An invite blob is padded to a multiple of this many bytes, so that its size does not tell the length of a name. */
export const INVITE_BLOB_STEP = 4096;
/** Bytes of an invite blob: the longest card, padded. */
export const MAX_INVITE_BLOB_LENGTH = 9 * INVITE_BLOB_STEP;
/** Characters of an invite as text: an origin and 304 bytes in base64url fit twice. */
export const MAX_INVITE_TEXT = 1024;
/** Days back that a public address matches: the retention of a board. */
export const ADDRESS_DAYS_BACK = 14;
/** Days ahead that a public address matches: time zones and clocks. */
export const ADDRESS_DAYS_AHEAD = 1;

// Pairing (spec §6)

/** How long a code on a screen can be taken up (ms): a photograph of it is worthless afterwards. */
export const QR_LIFETIME_MS = 120_000;
/** How long a device waits for what the other one sends without a person (ms): longer means that nobody is there. */
export const PAIRING_ANSWER_MS = 60_000;
/** How long people have for each thing they do in a pairing (ms): read and type six digits, or confirm. Time does not help a guesser: there is one try. */
export const PAIRING_STEP_MS = 120_000;
/** How far past its expiry a code is still taken up (ms): only the clock of the device that displays it decides. */
export const PAIRING_CLOCK_TOLERANCE_MS = 600_000;
/** Bytes that a pairing hands over: a cell's payload without the inner authentication tag. */
export const MAX_PAIRING_PAYLOAD = MAX_PAYLOAD - 16;

// Content (spec §7)

/** Bytes of a content id: random, scoped by conversation and author. */
export const CONTENT_ID_LENGTH = 16;
/** Contents in one message: a text and what rides along. */
export const MAX_CONTENTS = 16;
/** UTF-8 bytes of a text: with its envelope, as a copy to own devices, and in a ratchet's message later, it surely fits one cell. */
export const MAX_TEXT_LENGTH = 3500;
/** Ids in a report of what was read, to own devices: a cell full of them. */
export const MAX_READ_IDS = 200;
/** Ids in a receipt, delivered and read together: a cell full of them. */
export const MAX_RECEIPT_IDS = 200;
/** Characters of a handle, as the directory takes them. */
export const MAX_HANDLE_LENGTH = 32;
/** Characters of the name of a content type. */
export const MAX_TYPE_LENGTH = 32;

// Backups (spec §11)

/** Bytes of an item of a backup: one message, as a cell would carry it. */
export const MAX_BACKUP_ITEM = 4096;
/** Bytes of an index: one size for all, that of the smallest invite blob. */
export const BACKUP_INDEX_LENGTH = 4096;
/** Blobs that one backup may be made of: their ids fit an index, with room for what a newer version adds. */
export const MAX_BACKUP_FILES = 100;

// Sessions (spec §3). At least as tight as libsignal's, so that whatever we accept it would have accepted

/** Messages of a chain that one message may jump over. Each costs a few hashes before anything can be verified. */
export const MAX_FORWARD_JUMP = 25_000;
/** Keys kept for messages that were jumped over, of each chain: they are what a thief of the state can still read. */
export const MAX_SKIPPED_KEYS = 2_000;
/** Receiving chains kept, the newest included: messages that are later than four replies are lost. */
export const MAX_RECEIVING_CHAINS = 5;
/** Replaced sessions kept for messages still on their way. */
export const MAX_ARCHIVED_SESSIONS = 40;
/** A session that was never answered sends no more after this (ms): the prekeys it was made from are erased by then. */
export const UNANSWERED_SESSION_MS = 30 * 24 * 60 * 60 * 1000;
