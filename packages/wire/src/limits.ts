// Every size of the contract, each with its reason. What an operator may change is not here but in the relay's own limits.

/** Bytes of a tag: 128 random bits, so that nobody meets a tag by chance. */
export const TAG_BYTES = 16;
/** Bytes of a cell's body: one size for everything, so that a size says nothing. */
export const BODY_BYTES = 4096;
/** Bytes of a shard's prefix: the reader's locator is 64 bits. */
export const PREFIX_BYTES = 8;
/** Bytes of an append record: bits (1) || prefix (8) || tag (16) || body (4096). */
export const APPEND_RECORD_BYTES = 1 + PREFIX_BYTES + TAG_BYTES + BODY_BYTES;
/** Bytes of a pinned cell: cursor BE8 || tag (16) || body (4096). */
export const PINNED_CELL_BYTES = 8 + TAG_BYTES + BODY_BYTES;
/** Bytes of a pinned tag: cursor BE8 || tag (16). */
export const PINNED_TAG_BYTES = 8 + TAG_BYTES;

/** Records in one append request: 1 MiB, a second of a home uplink. Clients send one. */
export const MAX_APPEND_RECORDS = 256;
/** Cells in one live frame: 264 KB, so that no frame blocks a socket for long and a reader's memory is bounded. */
export const MAX_CELLS_PER_FRAME = 64;
/** Unused credit of a subscription: 16 MiB that a reader is willing to receive at once. */
export const MAX_CREDIT = 4096;
/** Subscription ids are small integers: a frame stays small, and a reader needs a handful. */
export const MAX_SUBSCRIPTION_ID = 0xffff;
/** Bytes of a frame that a client sends on the live socket: the largest honest one has 60. */
export const MAX_LIVE_REQUEST_BYTES = 256;
/** Bytes of a frame that a relay sends on the live socket: the cells of a full frame and their wrapping. */
export const MAX_LIVE_EVENT_BYTES = MAX_CELLS_PER_FRAME * PINNED_CELL_BYTES + 1024;

/** Devices of an account (spec §2). */
export const MAX_DEVICES = 16;
/** Bytes of a signed device list with no devices: format, version, issued, account, previous, count, signature. */
export const EMPTY_DEVICE_LIST_BYTES = 1 + 8 + 8 + 33 + 32 + 1 + 64;
/** Bytes of one entry of a device list: device id, device key, added, signature. */
export const DEVICE_ENTRY_BYTES = 1 + 33 + 8 + 64;
/** Bytes of a signed device list with every device. */
export const MAX_DEVICE_LIST_BYTES = EMPTY_DEVICE_LIST_BYTES + MAX_DEVICES * DEVICE_ENTRY_BYTES;
/** Bytes of a signed bundle: a signed and a last-resort Kyber prekey need 2 KB; the rest is room for what a later format adds. */
export const MAX_BUNDLE_BYTES = 8 * 1024;
/** One-time prekeys beside a bundle: more people than begin with a device between two of its bundles. An index of one fits into a byte. */
export const MAX_ONE_TIME_PREKEYS = 100;
/** Bytes of a one-time prekey in its list: id BE4 || key (33). */
export const ONE_TIME_PREKEY_BYTES = 4 + 33;
/** Bytes of a list of one-time prekeys: count BE2, then each. */
export const MAX_ONE_TIME_LIST_BYTES = 2 + MAX_ONE_TIME_PREKEYS * ONE_TIME_PREKEY_BYTES;
/** Bytes of an account's record: its list, a bundle of each device with its one-time prekeys, and their wrapping. */
export const MAX_DIRECTORY_RECORD_BYTES = MAX_DEVICE_LIST_BYTES + MAX_DEVICES * (MAX_BUNDLE_BYTES + MAX_ONE_TIME_LIST_BYTES + 64) + 256;
/** Bytes of a handle claim. */
export const MAX_HANDLE_CLAIM_BYTES = 256;

/** Bytes of a blob: 100 MB, a long video. Larger things belong elsewhere. */
export const MAX_BLOB_BYTES = 100_000_000;
/** Bytes of one part of an upload: a request of this size ends in time on a slow line, and a lost one is cheap to repeat. */
export const MAX_BLOB_PART_BYTES = 4 * 1024 * 1024;

/** Bytes of an answer that is neither cells nor a blob nor a directory record. */
export const MAX_ANSWER_BYTES = 16 * 1024;
/** Levels of nesting in a frame: the deepest honest one (a directory answer) has as many. More is refused before it can exhaust the stack. */
export const MAX_FRAME_DEPTH = 4;
