// A session as conversations use it: the ratchets of a session record, and the streams that they re-root, so that addresses heal with the
// keys. The first message of a session that we begin is a hello, which travels as a first contact (spec §5); every other one is a cell. An
// immutable value, bound to our device and theirs. Where prekeys are kept and when a state is stored are not its concern. spec §§3, 4.

import type { PublicKey } from "../agreement/key-pair.ts";
import { Reader, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_WATCHED_ARCHIVED_SESSIONS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { type Cell, cellAddress, openCell, sealCell } from "../stream/cell.ts";
import {
  type FoundAddress,
  type ReceivingStreams,
  consumeInStreams,
  encodeReceivingStreams,
  findInStreams,
  missingCount,
  readReceivingStreams,
  startReceivingStreams,
  watchedAddresses,
  widenStreams,
} from "../stream/receiving-streams.ts";
import { Writer } from "../writer.ts";
import type { OurPrekeys } from "./pqxdh.ts";
import { decodeSessionRecord, encodeSessionRecord } from "./record-codec.ts";
import {
  type Address,
  type DecryptedMessage,
  type Ourselves,
  type Prekeys,
  type PrekeyUse,
  type RecordedSession,
  type SessionRecord,
  canEncrypt,
  decryptPrekeyMessage,
  decryptWithSession,
  emptyRecord,
  encryptInRecord,
  holdsSession,
  initiateSession,
  readPrekeyMessage,
  retireSessions,
} from "./session-record.ts";
import { type SignalMessage, decodeSignalMessage } from "./signal-message.ts";
import { decodeSpqrMessage } from "./spqr/message.ts";

const FORMAT = 1;

/**
 * Bytes of the largest plaintext in a cell: 4,061 without the message's other parts (149 with the largest counters, and the addresses of
 * messages before the first reply), in whole blocks of the cipher.
 */
export const MAX_SIGNAL_PLAINTEXT = 3_903;

/** The two devices of a session. */
export interface SessionEnds {
  readonly ours: Ourselves;
  readonly theirs: { readonly key: PublicKey; readonly address: Address };
}

/** Changes to the table of watched tags. */
export interface WatchChanges {
  readonly add: readonly Uint8Array[];
  readonly drop: readonly Uint8Array[];
}

/** What one encryption gives: the session's next state and a cell to pin. */
export interface Sealed {
  readonly session: RatchetSession;
  readonly cell: Cell;
  readonly index: number;
}

/** What one decryption gives. Store the session together with what the plaintext causes. */
export interface Opened {
  readonly session: RatchetSession;
  readonly plaintext: Uint8Array;
  readonly watch: WatchChanges;
  /** Cells that are known to be missing. */
  readonly missing: number;
}

/** What opening a hello gives besides. */
export interface Answered extends Opened {
  /** The prekeys that it used, for a session that is new: erase or mark them in the same transaction. */
  readonly used: PrekeyUse | undefined;
}

interface WatchedSession {
  readonly baseKey: Uint8Array;
  readonly streams: ReceivingStreams;
}

/** One device's end of the channel to one other device, renewed by every reply. */
export class RatchetSession {
  readonly ends: SessionEnds;
  readonly #record: SessionRecord;
  /** Streams of the current session and of the newest archived ones, in the record's order. */
  readonly #watched: readonly WatchedSession[];

  private constructor(ends: SessionEnds, record: SessionRecord, watched: readonly WatchedSession[]) {
    this.ends = ends;
    this.#record = record;
    this.#watched = watched;
  }

  /** Two devices that have not met. */
  static start(ends: SessionEnds): RatchetSession {
    return new RatchetSession(ends, emptyRecord, []);
  }

  /** Their device's key. */
  get theirs(): PublicKey {
    return this.ends.theirs.key;
  }

  /** Whether there is a session to send with at `now` (ms): one that was answered, or made less than 30 days ago. */
  canSend(now: number): boolean {
    return canEncrypt(this.#record, now);
  }

  /**
   * Begins a session from the other device's verified prekeys; the one before stays for messages on their way. The first message comes with
   * it as a hello, to be wrapped as a first contact: whoever gets it holds the session, and finds the cells that follow.
   */
  initiate(
    p: Primitives,
    theirs: Prekeys,
    plaintext: Uint8Array,
    now: number,
  ): { session: RatchetSession; hello: Uint8Array; watch: WatchChanges } {
    if (!equalBytes(theirs.identityKey, this.ends.theirs.key)) {
      throw new ProtocolError("identity/not-listed", "these prekeys belong to another device");
    }
    const begun = initiateSession(p, this.#record, this.ends.ours, theirs, now);
    const { record, prekeyMessage } = encryptInRecord(p, begun, this.ends.ours, this.ends.theirs.address, plaintext, now);
    return { ...this.#follow(p, record, 0), hello: prekeyMessage as Uint8Array };
  }

  /**
   * Says a last word on every session there is and retires it: what is still on its way on them is opened, the session that begins next stays
   * the one to send with. Cells in the order in which they are to be pinned. spec §8
   */
  retire(p: Primitives, lastWord: Uint8Array, now: number): { session: RatchetSession; cells: readonly Cell[] } {
    const cells: Cell[] = [];
    const speak = (held: RecordedSession): RecordedSession => {
      const alone = { current: held, archived: [] };
      if (!canEncrypt(alone, now)) return held;
      const { session, cell } = new RatchetSession(this.ends, alone, []).encrypt(p, lastWord, now);
      cells.push(cell);
      return session.#record.current as RecordedSession;
    };
    const { current, archived } = this.#record;
    const spoken = { ...(current === undefined ? {} : { current: speak(current) }), archived: archived.map(speak) };
    return { session: new RatchetSession(this.ends, retireSessions(spoken), this.#watched), cells };
  }

  /** `message/too-large`, `session/none` when there is no session, or none that was answered within 30 days. */
  encrypt(p: Primitives, plaintext: Uint8Array, now: number): Sealed {
    if (plaintext.length > MAX_SIGNAL_PLAINTEXT) {
      const details = { limit: MAX_SIGNAL_PLAINTEXT, size: plaintext.length };
      throw new ProtocolError("message/too-large", `a message holds ${MAX_SIGNAL_PLAINTEXT} bytes: send it in parts`, details);
    }
    const root = this.#record.current?.ratchet.sendingStream.current;
    const { record, message, counter } = encryptInRecord(p, this.#record, this.ends.ours, this.ends.theirs.address, plaintext, now);
    const address = cellAddress(p, new Secret((root as Uint8Array).slice()), counter);
    const session = new RatchetSession(this.ends, record, this.#watched);
    return { session, index: counter, cell: { tag: address.tag, body: sealCell(p, address, "signal", message) } };
  }

  /** Every tag that this session waits for. */
  watched(): readonly Uint8Array[] {
    return this.#watched.flatMap(({ streams }) => watchedAddresses(streams).map((address) => address.tag));
  }

  /**
   * Opens a cell found under a watched tag. `cell/unknown-tag`, `cell/invalid`; `session/duplicate` when it came so late that its keys are
   * erased, `session/too-far` when too much was lost before it; another code when the cell is genuine and its message is not.
   */
  decrypt(p: Primitives, tag: Uint8Array, body: Uint8Array): Opened {
    for (const { baseKey, streams } of this.#watched) {
      const found = findInStreams(streams, tag);
      if (found === undefined) continue;
      const { kind, payload } = openCell(p, found.address, body);
      if (kind !== "signal") throw new ProtocolError("cell/invalid", "the cell does not hold a message of a session");
      // Before any work is done for a counter: a peer that jumps far ahead in every cell would cost a second for each.
      if (decodeSignalMessage(payload).counter !== found.address.index) throw misplaced();
      const { record, plaintext, message, chain } = this.#openIn(p, baseKey, payload, found.place);
      if (chain !== found.place) throw misplaced();
      const turn = { nextRoot: record.current?.ratchet.receivingStream.next, lastIndex: message.previousCounter };
      const { streams: consumed, change } = consumeInStreams(p, streams, found, turn);
      const others = this.#watched.filter((other) => other.baseKey !== baseKey);
      const followed = this.#follow(p, record, 0, [{ baseKey, streams: consumed }, ...others]);
      return {
        session: followed.session,
        plaintext,
        watch: {
          add: [...change.add.map((address) => address.tag), ...followed.watch.add],
          drop: [...change.drop.map((address) => address.tag), ...followed.watch.drop],
        },
        missing: missingCount(consumed),
      };
    }
    throw new ProtocolError("cell/unknown-tag", "this session does not wait for a cell under this tag");
  }

  /**
   * Opens a hello, the first message of a session that the other side began. `prekeys` looks ours up by the ids in the hello; it is not
   * called for a session that is held. `used` says which to erase or mark: present for a new session.
   */
  answer(p: Primitives, hello: Uint8Array, prekeys: (use: PrekeyUse) => OurPrekeys | undefined): Answered {
    const incoming = readPrekeyMessage(hello);
    requireFirst(decodeSignalMessage(incoming.content.message));
    if (!equalBytes(incoming.content.identityKey, this.ends.theirs.key)) {
      throw new ProtocolError("identity/not-listed", "a hello is from another device than it says");
    }
    const held = holdsSession(this.#record, incoming.use.baseKey);
    const found = held ? undefined : prekeys(incoming.use);
    const { record, plaintext } = decryptPrekeyMessage(p, this.#record, this.ends.ours, this.ends.theirs.address, incoming, found);
    const { session, watch } = this.#follow(p, record, 1);
    return { session, plaintext, watch, missing: 0, used: held ? undefined : incoming.use };
  }

  /** Watches further ahead, for a session that may have missed more than the board kept; the first cell that is opened narrows it again. */
  widen(p: Primitives, window: number): { session: RatchetSession; add: readonly Uint8Array[] } {
    const add: Uint8Array[] = [];
    const watched = this.#watched.map(({ baseKey, streams }) => {
      const wide = widenStreams(p, streams, window);
      add.push(...wide.add.map((address) => address.tag));
      return { baseKey, streams: wide.streams };
    });
    return { session: new RatchetSession(this.ends, this.#record, watched), add };
  }

  /** The stored form: format 1, the record behind its length, the streams. It holds every key of the conversation but our identity key. */
  encode(): Uint8Array {
    const writer = new Writer();
    writer.byte(FORMAT).fixed(this.ends.ours.identity.publicKey).fixed(this.ends.theirs.key).blob(encodeSessionRecord(this.#record));
    writer.list(this.#watched, ({ baseKey, streams }) => writer.fixed(baseKey).fixed(encodeReceivingStreams(streams)));
    return writer.finish();
  }

  /** Reads a stored session of these two devices. `decode/invalid` when it is damaged or another pair's. */
  static decode(p: Primitives, bytes: Uint8Array, ends: SessionEnds): RatchetSession {
    const reader = new Reader(bytes, "a stored session");
    if (reader.byte() !== FORMAT) {
      throw new ProtocolError("decode/invalid", "a session is stored in a format that this version does not know");
    }
    if (!equalBytes(reader.take(33), ends.ours.identity.publicKey) || !equalBytes(reader.take(33), ends.theirs.key)) {
      throw new ProtocolError("decode/invalid", "a stored session belongs to other devices");
    }
    const record = decodeSessionRecord(reader.take(reader.uint(4)));
    const count = reader.uint(2);
    if (count > 1 + MAX_WATCHED_ARCHIVED_SESSIONS) throw new ProtocolError("decode/invalid", "a stored session is damaged");
    const watched = Array.from({ length: count }, () => ({ baseKey: reader.take(33), streams: readReceivingStreams(p, reader) }));
    reader.end();
    return new RatchetSession(ends, record, watched);
  }

  #openIn(p: Primitives, baseKey: Uint8Array, payload: Uint8Array, place: FoundAddress["place"]): DecryptedMessage {
    try {
      return decryptWithSession(p, this.#record, baseKey, this.ends.ours, this.ends.theirs.address, payload);
    } catch (error) {
      if (place !== "ended" || !(error instanceof ProtocolError)) throw error;
      // A relay can hold a cell back until the keys of its epoch are erased: that must not look as if the session were broken.
      throw new ProtocolError("session/duplicate", "a message came after its keys were erased");
    }
  }

  /**
   * The session with a new record: streams begin for sessions that are new (after `from` messages that came as hellos), and end for those
   * archived too long ago. These go with all their keys: no tag leads to them any more.
   */
  #follow(
    p: Primitives,
    record: SessionRecord,
    from: number,
    watched: readonly WatchedSession[] = this.#watched,
  ): { session: RatchetSession; watch: WatchChanges } {
    const archived = record.archived.slice(0, MAX_WATCHED_ARCHIVED_SESSIONS);
    const live = record.current === undefined ? archived : [record.current, ...archived];
    const add: Uint8Array[] = [];
    const next = live.map((session: RecordedSession): WatchedSession => {
      const held = watched.find((other) => equalBytes(other.baseKey, session.baseKey));
      if (held !== undefined) return held;
      const streams = startReceivingStreams(p, session.ratchet.receivingStream, from);
      add.push(...watchedAddresses(streams).map((address) => address.tag));
      return { baseKey: session.baseKey, streams };
    });
    const ended = watched.filter((held) => !next.includes(held));
    const drop = ended.flatMap(({ streams }) => watchedAddresses(streams).map((address) => address.tag));
    return { session: new RatchetSession(this.ends, { ...record, archived }, next), watch: { add, drop } };
  }
}

const misplaced = (): ProtocolError => new ProtocolError("session/invalid-message", "a message under another message's tag");

/** A hello is the first message of its session. Anybody may send one, so no work is done for what it says to have come before. */
function requireFirst({ counter, spqr }: SignalMessage): void {
  const { epoch, index } = decodeSpqrMessage(spqr);
  if (counter !== 0 || epoch !== 1 || index !== 1) {
    throw new ProtocolError("session/invalid-message", "a hello is not the first message of its session");
  }
}
