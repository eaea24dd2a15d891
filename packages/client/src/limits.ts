// Every bound of the client, each with its reason. Bounds of the protocol and of the contract with the relay are theirs.

/**
 * Addresses of a lane on which an account's new devices introduce themselves to one device: as many devices as an account may have could come
 * within the time that a board keeps a cell.
 */
export const LANE_LENGTH = 16;
/** Tags in a row that may be taken before a cell is given up: once is a lost state, twice bad luck, three times somebody else (spec §4). */
export const MAX_CONFLICTS = 3;
/** Plaintexts held per account that is not open: a stranger who writes more before being accepted loses the rest. */
export const MAX_HELD = 100;
/** Strangers who wait for an answer at once; more are not noticed until some were answered. */
export const MAX_REQUESTS = 200;
/** First contacts at the public address that are opened on one day: each costs several ms, whoever sent it. */
export const MAX_ADDRESS_CELLS = 200;
/** Cells that were not ours and would be read again after a crash: at most this many before the cursor is stored anyway. */
export const MAX_UNSTORED_CELLS = 512;
/** Receipts that ride along with a text of any length: with 3,500 bytes of text and the envelopes they fit a cell. */
export const MAX_RIDING_RECEIPTS = 8;
/** A receipt that nothing carried is sent after a random time between these, ms, so that a board does not show who answers whom (spec §7). */
export const RECEIPT_DELAY_MS = { least: 10 * 60 * 1000, most: 20 * 60 * 1000 } as const;
/** Messages that a new device of the account is given: what people look for after a change of devices, in some seconds of transfer. */
export const MAX_HISTORY = 1_000;
/** Bytes of what a new device is given beside the payload of the pairing: the history and some thousand contacts. */
export const MAX_SNAPSHOT_BYTES = 32 * 1024 * 1024;
/** How long the old device waits for the new one to come back with its signature before it says so, ms; the link completes later all the same. */
export const LINK_PATIENCE_MS = 60_000;
/** A published bundle is signed anew after this, ms: well before the 14 days after which it is refused (spec §5). */
export const BUNDLE_REFRESH_MS = 7 * 24 * 60 * 60 * 1000;
/** Pause before publishing is tried again, ms. */
export const PUBLISH_RETRY_MS = 5 * 60 * 1000;
/** What a device waits longer than the one before it in the list before it signs the list anew, ms: one of them is enough. */
export const LIST_REFRESH_STEP_MS = 12 * 60 * 60 * 1000;
/** Sessions that watch far ahead at once, after more cells expired unread than a session watches: each costs thousands of tags (spec §4). */
export const MAX_WIDE_SESSIONS = 10;
