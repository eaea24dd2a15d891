// Cells that arrive: of all cells of the shard, those that are ours are opened, and everything that follows from a batch is committed
// together with the cursor after it. Takes batches of the feed; gives nothing back. Not a concern here: connections (feed.ts), what contents
// do (received-contents.ts).

import { ProtocolError, type Primitives, type PublicKey, utcDay } from "@sotto/protocol";
import { MessengerError } from "../errors.ts";
import { CELLS_AT_ONCE, MAX_ADDRESS_CELLS, MAX_MET, MAX_UNSTORED_CELLS } from "../limits.ts";
import type { SessionRecord } from "../records/session-record.ts";
import type { BoardPosition, FeedCell } from "../relay/feed.ts";
import { takeHeld } from "./held.ts";
import { AddressWatch } from "./lanes.ts";
import { receiveAtAddress, receiveClaim, receiveIntroduction } from "./meeting.ts";
import { hear, type Heard, namesIn, receivePlaintext, takeIn } from "./received-contents.ts";
import { isBroken, sessionBroken } from "./repair.ts";
import { putSession } from "./sessions.ts";
import type { State } from "./state.ts";
import type { Transaction, Writer } from "./transaction.ts";

/** Opens what is ours on the board. */
export class Receiver {
  readonly #state: State;
  readonly #writer: Writer;
  readonly #now: () => number;
  readonly #address: AddressWatch;
  /** Cells of each board that were not ours since its position was stored. */
  readonly #passedBy = new Map<string, number>();
  #addressDay = 0;
  #addressCells = 0;

  constructor(state: State, writer: Writer, p: Primitives, now: () => number) {
    this.#state = state;
    this.#writer = writer;
    this.#now = now;
    this.#address = new AddressWatch(p, state.self.account as PublicKey);
  }

  /** Takes in a batch of a relay's board; resolves when what was ours is stored. When it rejects, nothing of the batch was taken in. */
  async receive(relay: string, cells: readonly FeedCell[], after: BoardPosition): Promise<void> {
    if (cells.length === 0) await this.#writer.change((tx) => tx.boardRead(relay, after));
    else if (!cells.some(({ tag }) => this.concerns(tag))) {
      const passedBy = (this.#passedBy.get(relay) ?? 0) + cells.length;
      this.#passedBy.set(relay, passedBy);
      if (passedBy < MAX_UNSTORED_CELLS) return;
      await this.#writer.change((tx) => tx.boardRead(relay, after));
    } else {
      try {
        await this.#change(relay, cells, after);
      } catch (error) {
        if (MessengerError.is(error)) throw error;
        await this.#oneByOne(relay, cells, after);
      }
    }
    this.#passedBy.delete(relay);
  }

  async #change(relay: string, cells: readonly FeedCell[], after: BoardPosition): Promise<void> {
    await this.#writer.change(async (tx) => {
      for (let i = 0; i < cells.length; i += CELLS_AT_ONCE) await this.#receiveSome(tx, relay, cells.slice(i, i + CELLS_AT_ONCE));
      await releaseHeld(tx);
      tx.boardRead(relay, after);
    });
  }

  /** What came on sessions is read before anything of it is taken in, so that the store is asked about all of it at once. */
  async #receiveSome(tx: Transaction, relay: string, cells: readonly FeedCell[]): Promise<void> {
    const read = cells.map((cell) => readOnSession(tx, relay, cell));
    await tx.messages.lookUp(read.flatMap((one) => (isHeard(one) ? namesIn(tx, one) : [])));
    for (const one of read) await this.#takeIn(tx, relay, one);
  }

  /** A cell that makes this code fail is reported and passed over, so that it cannot keep everything behind it from being read. */
  async #oneByOne(relay: string, cells: readonly FeedCell[], { board }: BoardPosition): Promise<void> {
    for (const cell of cells) {
      const after = { board, cursor: cell.cursor };
      try {
        await this.#change(relay, [cell], after);
      } catch (cause) {
        if (MessengerError.is(cause)) throw cause;
        await this.#writer.change((tx) => {
          tx.happened({ type: "error", error: new MessengerError("internal", {}, { cause }) });
          tx.boardRead(relay, after);
        });
      }
    }
  }

  async #takeIn(tx: Transaction, relay: string, read: Read): Promise<void> {
    if (read === "absent") return;
    if (isHeard(read)) return await takeInHeard(tx, read);
    const target = tx.tags.get(read.tag);
    switch (target?.kind) {
      case "session":
        // What was taken in before it made this tag known.
        return await this.#takeIn(tx, relay, readOnSession(tx, relay, read));
      case "claim":
        if (!(await receiveClaim(tx, target, read))) return;
        break;
      case "introduction":
        if (!(await receiveIntroduction(tx, target, read))) return;
        break;
      case undefined:
        if (!this.#isAtAddress(tx.self.published, read.tag)) return;
        // Anybody may write there, so what does not verify has come, too: otherwise strangers could make this device read twice.
        if (this.#mayOpenAddressCell()) await receiveAtAddress(tx, read);
    }
    const held = tx.positions.get(relay);
    if (held !== undefined) tx.positions.put({ ...held, met: [...held.met, read.cursor].slice(-MAX_MET) });
  }

  /** Whether a cell under this tag would be taken in. */
  concerns(tag: Uint8Array): boolean {
    return this.#state.tags.get(tag) !== undefined || this.#isAtAddress(this.#state.self.published, tag);
  }

  #isAtAddress(published: boolean, tag: Uint8Array): boolean {
    return published && this.#address.matches(tag, this.#now());
  }

  #mayOpenAddressCell(): boolean {
    const day = utcDay(this.#now());
    if (day !== this.#addressDay) [this.#addressDay, this.#addressCells] = [day, 0];
    return ++this.#addressCells <= MAX_ADDRESS_CELLS;
  }
}

/** Takes in again what was held for conversations that are open now. */
export async function releaseHeld(tx: Transaction): Promise<void> {
  const accounts = new Set([...tx.held.values()].map(({ account }) => account));
  for (const account of accounts) {
    const phase = tx.contacts.get(account)?.phase;
    if (phase !== "open" && phase !== "asking") continue;
    for (const { device, plaintext } of takeHeld(tx, account)) {
      const session = tx.sessions.get(device);
      if (session !== undefined) await receivePlaintext(tx, session, plaintext, true);
    }
  }
}

/** A cell that was looked at: what came on a session, nothing that counts, or a cell that is for others to open. */
type Read = Heard | "absent" | FeedCell;

function isHeard(read: Read): read is Heard {
  return typeof read === "object" && "session" in read;
}

/** Opens a cell on the session that waits for it; the session's next state is part of the transaction. */
function readOnSession(tx: Transaction, relay: string, cell: FeedCell): Read {
  const target = tx.tags.get(cell.tag);
  if (target?.kind !== "session") return cell;
  const record = tx.sessions.get(target.device);
  if (record === undefined) return "absent";
  let opened: ReturnType<SessionRecord["session"]["decrypt"]>;
  try {
    opened = record.session.decrypt(tx.p, cell.tag, cell.body);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // A cell that does not verify counts as absent. One that does, and whose message cannot be opened, is worth a word.
    if (error.code.startsWith("session/") && error.code !== "session/duplicate") {
      tx.happened({ type: "error", error: new MessengerError("message/unreadable", { reason: error.message }, { cause: error }) });
    }
    if (isBroken(error)) sessionBroken(tx, record);
    return "absent";
  }
  const { session, plaintext, watch, missing } = opened;
  const read = { ...record.read, [relay]: Math.max(record.read[relay] ?? 0, cell.cursor) };
  const next = { ...record, session, missing, read };
  putSession(tx, next, watch);
  // A session's cells are pinned in their order: if a board has what is missing, it stands after the newest one that was read there.
  if (missing > record.missing) {
    for (const [board, cursor] of Object.entries(record.read)) {
      if (board === relay || cursor < (tx.positions.get(board)?.cursor ?? 0)) tx.readAgain(board, cursor);
    }
  }
  // With several boards it may stand on another one: then it is missed once all have been read.
  if (tx.self.relays.length === 1) reportMissing(tx, next);
  return hear(next, plaintext, missing < record.missing || cell.cursor < (tx.positions.get(relay)?.newest ?? 0));
}

/** Takes in what was heard, unless something before it has ended the session that it came on. */
async function takeInHeard(tx: Transaction, heard: Heard): Promise<void> {
  const session = tx.sessions.get(heard.session.device);
  if (session !== undefined) await takeIn(tx, { ...heard, session });
}

/** Tells once of cells that should have come on a session and have not. */
function reportMissing(tx: Transaction, record: SessionRecord): void {
  const { missing, reported } = record;
  if (missing > reported) tx.happened({ type: "error", error: new MessengerError("message/missing", { count: missing - reported }) });
  if (missing !== reported) tx.sessions.put({ ...record, reported: missing });
}

/** Everything on every board has been read: what has not come is missing. */
export function reportAllMissing(tx: Transaction): void {
  for (const record of [...tx.sessions.values()]) reportMissing(tx, record);
}
