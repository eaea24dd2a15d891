// Every bound of a relay that an operator may change, with its reason. Sizes of the contract itself are in @sotto/wire.

/** A token bucket: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Bounds of a relay. */
export interface Limits {
  /** How long a cell is kept. A client that is away for longer misses cells; people are away for two weeks. */
  readonly retentionMs: number;
  /** How long a blob is kept: backups are renewed monthly, so three months forgive two missed renewals. */
  readonly blobRetentionMs: number;
  /** Length of a segment: the grain of caching and of expiry. 1,344 segments in a retention. */
  readonly segmentMs: number;
  /** Bytes the board may take on disk: 64 GiB hold 15 million cells, a day of 170 per second. */
  readonly boardBytes: number;
  /** Bytes all blobs together may take on disk. */
  readonly blobsBytes: number;

  /** Cells from one address. A person sends a few per second; a phone that comes back from a flight a few hundred at once. */
  readonly cells: Rate;
  /** The same over days: four thousand people behind one address, but not one who fills the disk before his cells expire. */
  readonly cellsOverDays: Rate;
  /** Cells from one address under tags with the same first 8 bytes. Only a public address repeats them, at most 200 a day are opened. */
  readonly cellsPerTagPrefix: Rate;
  /** Requests from one address that only read. */
  readonly reads: Rate;
  /** Records with one-time prekeys that one address is given: a household begins thirty conversations at once, and then one a minute. */
  readonly prekeys: Rate;
  /**
   * Records with one-time prekeys that are given of one account, to all addresses: a device opens at most 200 first contacts a day, and
   * publishes some 20 prekeys, of which a flood gets half. Beyond either rate an answer has no one-time prekeys, and is good enough to begin
   * with: a refusal would let a flood make an account unreachable.
   */
  readonly prekeysPerAccount: Rate;
  /** Directory records and handles from one address: a device writes a few in a week. Each is kept for good and costs 100 µs a signature. */
  readonly directoryWrites: Rate;
  /** Bytes of blobs from one address: five long videos at once, then 4 GB a day. */
  readonly blobBytes: Rate;
  /** Frames from one live socket: a credit for every frame of 64 cells is plenty. */
  readonly liveFrames: Rate;
  /** Addresses (tag prefixes, accounts) whose rate is remembered: about 100 bytes each. */
  readonly rememberedRates: number;

  /** Open connections in all: 10,000 live readers, and as many short ones. About 20 KB each. */
  readonly connections: number;
  /** Open connections of one address: a household or a small office behind one router. */
  readonly connectionsPerAddress: number;
  /** Subscriptions on one live socket: contacts with old cards keep a few shards alive. */
  readonly subscriptionsPerSocket: number;
  /** Accounts in the directory, and handles: a few kilobytes each, so that strangers' records cannot take the disk from the cells. */
  readonly accounts: number;
  /** Handles of one account. */
  readonly handlesPerAccount: number;

  /** Bytes of all request bodies in memory: a thousand writers with sixty cells each. More are refused with `relay/busy`. */
  readonly bodyBytes: number;
  /** Cells accepted and not yet on disk: 32 MB, about a quarter of a second of a fast disk. More are refused with `relay/busy`. */
  readonly queuedCells: number;
  /** Reads of live subscriptions that the store works on at once; others wait, so that appends are never far back in its queue. */
  readonly concurrentReads: number;
  /** Bytes waiting in a socket for a slow reader before the relay stops sending and reads from disk later. */
  readonly socketBufferBytes: number;
  /** How long a reader may leave those bytes unread before it is dropped. */
  readonly slowReaderMs: number;
  /** How often the relay pings a live socket; three unanswered ones end it. */
  readonly heartbeatMs: number;
  /** Time for a request's headers: slower than any honest line. */
  readonly headersMs: number;
  /** Time for a request's body: 4 MiB at 70 KB/s. */
  readonly bodyMs: number;
  /** Bytes of a request's headers: the largest honest ones have 1 KB. */
  readonly headerBytes: number;
  /** Time that a graceful stop gives to running requests. */
  readonly stopMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** The bounds of a relay that was told nothing. */
export const defaultLimits: Limits = {
  retentionMs: 14 * DAY,
  blobRetentionMs: 90 * DAY,
  segmentMs: 15 * MINUTE,
  boardBytes: 64 * 2 ** 30,
  blobsBytes: 20 * 2 ** 30,

  cells: { burst: 5000, perSecond: 1000 },
  cellsOverDays: { burst: 500_000, perSecond: 5 },
  cellsPerTagPrefix: { burst: 32, perSecond: 1 / 60 },
  reads: { burst: 1000, perSecond: 200 },
  prekeys: { burst: 30, perSecond: 1 / 60 },
  prekeysPerAccount: { burst: 10, perSecond: 200 / 86_400 },
  directoryWrites: { burst: 300, perSecond: 0.5 },
  blobBytes: { burst: 500_000_000, perSecond: 50_000 },
  liveFrames: { burst: 500, perSecond: 200 },
  rememberedRates: 100_000,

  connections: 20_000,
  connectionsPerAddress: 512,
  subscriptionsPerSocket: 16,
  accounts: 1_000_000,
  handlesPerAccount: 5,

  bodyBytes: 256 * 2 ** 20,
  queuedCells: 8192,
  concurrentReads: 4,
  socketBufferBytes: 2 ** 20,
  slowReaderMs: 30 * SECOND,
  heartbeatMs: 20 * SECOND,
  headersMs: 10 * SECOND,
  bodyMs: 60 * SECOND,
  headerBytes: 8 * 1024,
  stopMs: 5 * SECOND,
};

/** How far `issued` of a record may be ahead of the relay's clock: one from further ahead would block its device's later ones (spec §5). */
export const MAX_AHEAD_MS = 60 * MINUTE;
/** How long a refused body is read and thrown away: a client that still sends would not read the answer from a broken connection. */
export const DISCARD_MS = 2 * SECOND;
/** Bytes of a WebSocket message that are read at all: room to say why a frame larger than ours is refused. */
export const MAX_MESSAGE_BYTES = 4096;
/** How often the relay looks for what is past its retention. */
export const EXPIRY_INTERVAL_MS = MINUTE;

/** The defaults with some of them replaced. */
export function limitsWith(changes: Partial<Limits> = {}): Limits {
  return { ...defaultLimits, ...changes };
}
