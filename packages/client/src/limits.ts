// Every bound of the client, each with its reason. Bounds of the protocol and of the contract with the relay are theirs.

/**
 * Addresses of a lane on which an account's new devices introduce themselves to one device: as many devices as an account may have could come
 * within the time that a board keeps a cell.
 */
export const LANE_LENGTH = 16;
/** Messages that were read on another own device before they came here, remembered at once: beyond, the oldest will show as unread. */
export const MAX_EARLY_READS = 2_000;
/** How long a request key that was renewed is watched, ms: as long as a board keeps a cell that was written under it. */
export const FORMER_KEY_MS = 14 * 24 * 60 * 60 * 1000;
/** Renewed request keys that are watched at once, of each contact: who removes devices all the time must not make the table of tags grow. */
export const MAX_FORMER_KEYS = 16;
/** Lists of one version of a contact's, besides the one that is held, each of which is asked about: more tell nothing new. */
export const MAX_FORKS = 63;
/** Tags in a row that may be taken before a cell is given up: once is a lost state, twice bad luck, three times somebody else (spec §4). */
export const MAX_CONFLICTS = 3;
/** Plaintexts held per account that is not open: a stranger who writes more before being accepted loses the rest. */
export const MAX_HELD = 100;
/** Strangers who wait for an answer at once; more are not noticed until some were answered. */
export const MAX_REQUESTS = 200;
/** First contacts at the public address that are opened on one day: each costs several ms, whoever sent it. */
export const MAX_ADDRESS_CELLS = 200;
/** Pause between two readings of the same cells, because some are missing, ms: a gap that stays costs a board's traffic at most once in it. */
export const READ_AGAIN_MS = 60_000;
/** How often cells are read again for a gap that stays: whoever passed over them may do so once more. */
export const READ_AGAIN_TIMES = 3;
/** The usual length of a relay's segment, ms: what was read is looked over when the segment after it has ended. */
export const LOOK_BACK_MS = 15 * 60 * 1000;
/** First contacts remembered until they are looked over: beyond, the oldest are read once more. */
export const MAX_MET = 512;
/** Bytes of the tags of a segment: of 700,000 cells, more than one client could read in its time. */
export const MAX_TAGS_BYTES = 16 * 1024 * 1024;
/** Cells that were not ours and would be read again after a crash: at most this many before the cursor is stored anyway. */
export const MAX_UNSTORED_CELLS = 512;
/** Receipts that ride along with a text of any length: with 3,500 bytes of text and the envelopes they fit a cell. */
export const MAX_RIDING_RECEIPTS = 8;
/** A receipt that nothing carried is sent after a random time between these, ms, so that a board does not show who answers whom (spec §7). */
export const RECEIPT_DELAY_MS = { least: 10 * 60 * 1000, most: 20 * 60 * 1000 } as const;
/** How long a device waits before it answers by itself to what needs no person, ms: the board does not show who answers whom (spec §8). */
export const REPAIR_DELAY_MS = { least: 5 * 1000, most: 60 * 1000 } as const;
/** A device asks another one for a new session, and answers it, not more often than this, ms (spec §8). */
export const RESTART_PAUSE_MS = 60 * 60 * 1000;
/** When a device asks once more that found no free place on the other one's lane, ms: places are free again when a board lets cells go. */
export const RESTART_RETRY_MS = 24 * 60 * 60 * 1000;
/** A restart that no session followed is sent again, ms: after a day, then each time after twice as long, up to half of what a board keeps one. */
export const RESTART_AGAIN_MS = { least: 24 * 60 * 60 * 1000, most: 7 * 24 * 60 * 60 * 1000 } as const;
/** One-time prekeys of own restarts that are remembered: what comes about an older one is no news. */
export const REMEMBERED_RESTARTS = 8;
/** How long after people spoke on a session it begins to heal by itself, ms: with four pauses as of receipts it is done within a day (spec §8). */
export const HEALING_DELAY_MS = { least: 6 * 60 * 60 * 1000, most: 22 * 60 * 60 * 1000 } as const;
/** A turn of the other side that has not come after this, ms, is not waited for when something else comes from there. */
export const HEALING_PATIENCE_MS = 24 * 60 * 60 * 1000;
/** A turn that was not answered for this long is not taken once more, ms: the other side is away, and finds those before when it comes. */
export const HEALING_REPEAT_MS = 7 * 24 * 60 * 60 * 1000;
/** Messages that are said again to a device that lost its session, and how old they may be, ms (spec §8): a bound to what asking for it gains. */
export const RESEND = { most: 100, ageMs: 48 * 60 * 60 * 1000 } as const;
/** Messages that a new device of the account has when it opens, and in each further part of the history: a second of a slow line. */
export const SNAPSHOT_MESSAGES = 1_000;
/** Messages that a new device is given in all: a slow line leaves them with the relay within a minute, while a person waits; a backup has all. */
export const MAX_HISTORY = 20_000;
/** Bytes of a part of the history: a thousand of the longest messages. */
export const MAX_HISTORY_PART_BYTES = 8 * 1024 * 1024;
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

/** Items of a backup that are taken in with one transaction: enough that its cost does not show, few enough that others need not wait. */
export const BACKUP_BATCH = 250;
/** Bytes of one file of a backup at a relay: what an upload that breaks off loses at most, and what is held in memory. */
export const BACKUP_FILE_BYTES = 8 * 1024 * 1024;
/** How often a backup may be made at a relay, ms: kept there for 90 days, one is renewed twice at least before it expires. */
export const BACKUP_EVERY_MS = { least: 24 * 60 * 60 * 1000, most: 30 * 24 * 60 * 60 * 1000 } as const;
/** Files of a backup are used again until the oldest is so old, ms; then everything is uploaded anew, long before it expires. */
export const BACKUP_RENEWAL_MS = 30 * 24 * 60 * 60 * 1000;
/** The same by count: a backup is begun anew before an index is full of small files. */
export const BACKUP_RENEWAL_FILES = 60;
/** Backups of an account that one day has places for: some devices, each some times. */
export const BACKUP_SLOTS = 32;
/** Days back that a backup is looked for: the time for which a relay keeps blobs, and one for clocks. */
export const BACKUP_DAYS_BACK = 91;
/** Backups of one device that are read until one is whole: a removed device may have left many that are not. */
export const BACKUP_TRIES = 8;
/** Pause before a backup that failed is tried again, ms. */
export const BACKUP_RETRY_MS = 15 * 60 * 1000;
/** How long a board keeps a cell, ms. */
export const BOARD_KEEPS_MS = 14 * 24 * 60 * 60 * 1000;
/** Cells kept that relays have taken: what a day of much writing is to people who are away, in 2 MB. */
export const MAX_KEPT_CELLS = 512;
/** A relay that could not be reached for so long is gone with what it had: what may be unread there is pinned at the next one, ms. */
export const RELAY_GONE_MS = 10 * 60 * 1000;
/** How long cells wait for a relay that cannot be reached before they go to the next one of their receiver, ms: one that is started again is back. */
export const RELAY_PATIENCE_MS = 15_000;
/** How long a relay that could not be reached for so long is left aside before it is tried again, ms: each try may cost its time limit. */
export const RELAY_ASIDE = { firstMs: 60_000, mostMs: 15 * 60 * 1000 } as const;
/** Pause before an account that was opened with other relays tries again to reach them, ms. */
export const RELAY_MOVE_RETRY_MS = 60_000;
/** When what reading boards takes could not be loaded, it is tried again after so long, ms. */
export const LOAD_RETRY_MS = 5_000;
/**
 * How long a relay is read that the account has left, ms: a contact may find the card that says so after 14 days, as long as a board keeps it,
 * and what they wrote before that lies on the old board for 14 days more.
 */
export const RELAY_LEAVE_MS = 28 * 24 * 60 * 60 * 1000;

/** How long a request to a relay may take, ms: what takes longer on a bad line is better begun anew. */
export const REQUEST_MS = 20_000;
/** The same for a part of a blob (4 MiB), ms: enough for half a megabit a second. */
export const BLOB_PART_MS = 120_000;
/** Attempts in a row at a blob that bring nothing new, before the error is the caller's, and the pause between them, ms. */
export const BLOB_ATTEMPTS = { most: 3, pauseMs: 1_000 } as const;
/** Bytes of an error answer: what is beyond says nothing to us. */
export const MAX_FAILURE_BYTES = 16 * 1024;
/** How long to wait, ms, when a relay asks for it without saying how long, and the longest wait that a relay is believed. */
export const RETRY_AFTER_MS = { usual: 5_000, most: 60 * 60 * 1000 } as const;
/** Waits before the next attempt, ms: soon after a hiccup, seldom enough for a phone's battery after a long absence. */
export const RECONNECT = { firstMs: 500, mostMs: 30_000 } as const;
/** Failed attempts in a row after which people are told that the relay cannot be reached. */
export const RECONNECT_PATIENCE = 3;
/** From the attempt to open a live socket until the relay confirmed the subscription, ms. */
export const CONNECT_MS = 15_000;
/** A live socket on which nothing came for so long is asked for a sign of life, and is dead when it gives none for as long again, ms. */
export const QUIET_MS = 14_000;
/** How long a sign of life may take when there is reason to doubt the socket: the network went, the page slept, ms. */
export const PROBE_MS = 5_000;
/** Cells that a relay may have under way to one feed: 4 MB, what a second of catching up reads, however long the way to the relay is. */
export const FEED_CREDIT = 1024;
/** Cells that are opened in one go: in a browser without fast cryptography they keep the page from painting for some frames, not for seconds. */
export const CELLS_AT_ONCE = 64;

/** Bytes of a secret that is handed over without an account: what fits a cell with room to spare. */
export const MAX_SECRET_BYTES = 3_000;
/** How long the last cell of a pairing (acknowledgement, or word of the end) is tried to be written, ms. */
export const FAREWELL_MS = 15_000;
/** Plaintexts kept for a device that there is no session with yet: a device that never introduces itself costs no more than this. */
export const MAX_WAITING = 500;
/** How often a running client looks whether its prekeys or its list have to be renewed, ms. */
export const UPKEEP_MS = 24 * 60 * 60 * 1000;

/** Bytes of one message between tabs or processes of one account: a snapshot for a new device is the largest. */
export const MAX_CHANNEL_MESSAGE = MAX_SNAPSHOT_BYTES + 64 * 1024;
/** Bytes that wait for a process that does not read: more, and it has to load everything anew. */
export const MAX_CHANNEL_BACKLOG = 2 * MAX_CHANNEL_MESSAGE;
/** How often who opens an account that is open elsewhere asks for an answer, and how long until it gives up, ms: the other may be loading. */
export const GREETING = { everyMs: 250, mostMs: 10_000 } as const;
/** Commits kept while the account is loaded: more, and loading begins anew. */
export const MAX_QUEUED_COMMITS = 4_096;
/** What was done for other tabs and processes, kept so that it is not done twice: who asks again does so at once when its writer has died. */
export const REMEMBERED_CALLS = { most: 512, forMs: 60 * 60 * 1000 } as const;
