// Cells that arrive: of all cells of the shard, those that are ours are opened, and everything that follows from a batch is committed
// together with the cursor after it. Takes batches of the feed; gives nothing back. Not a concern here: connections (feed.ts), what contents
// do (received-contents.ts).

import { ProtocolError, type Primitives, type PublicKey } from "@sotto/protocol";
import { MessengerError } from "../errors.ts";
import { MAX_ADDRESS_CELLS, MAX_UNSTORED_CELLS } from "../limits.ts";
import type { SessionRecord } from "../records/session-record.ts";
import type { BoardPosition, FeedCell } from "../relay/feed.ts";
import { takeHeld } from "./held.ts";
import { AddressWatch } from "./lanes.ts";
import { receiveAtAddress, receiveClaim, receiveIntroduction } from "./meeting.ts";
import { receivePlaintext } from "./received-contents.ts";
import { putSession } from "./sessions.ts";
import type { State } from "./state.ts";
import type { Transaction, Writer } from "./transaction.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Opens what is ours on the board. */
export class Receiver {
  readonly #state: State;
  readonly #writer: Writer;
  readonly #now: () => number;
  readonly #address: AddressWatch;
  #passedBy = 0;
  #addressDay = 0;
  #addressCells = 0;

  constructor(state: State, writer: Writer, p: Primitives, now: () => number) {
    this.#state = state;
    this.#writer = writer;
    this.#now = now;
    this.#address = new AddressWatch(p, state.self.account as PublicKey);
  }

  /** Takes in a batch; resolves when what was ours is stored. When it rejects, nothing of the batch was taken in. */
  async receive(cells: readonly FeedCell[], after: BoardPosition): Promise<void> {
    if (cells.length === 0) await this.#writer.change((tx) => void (tx.position = after));
    else if (!cells.some(({ tag }) => this.#concerns(tag))) {
      this.#passedBy += cells.length;
      if (this.#passedBy < MAX_UNSTORED_CELLS) return;
      await this.#writer.change((tx) => void (tx.position = after));
    } else {
      try {
        await this.#change(cells, after);
      } catch (error) {
        if (MessengerError.is(error)) throw error;
        await this.#oneByOne(cells, after);
      }
    }
    this.#passedBy = 0;
  }

  async #change(cells: readonly FeedCell[], after: BoardPosition): Promise<void> {
    await this.#writer.change(async (tx) => {
      for (const cell of cells) await this.#receiveCell(tx, cell);
      await releaseHeld(tx);
      tx.position = after;
    });
  }

  /** A cell that makes this code fail is reported and passed over, so that it cannot keep everything behind it from being read. */
  async #oneByOne(cells: readonly FeedCell[], { board }: BoardPosition): Promise<void> {
    for (const cell of cells) {
      const after = { board, cursor: cell.cursor };
      try {
        await this.#change([cell], after);
      } catch (cause) {
        if (MessengerError.is(cause)) throw cause;
        await this.#writer.change((tx) => {
          tx.happened({ type: "error", error: new MessengerError("internal", {}, { cause }) });
          tx.position = after;
        });
      }
    }
  }

  async #receiveCell(tx: Transaction, cell: FeedCell): Promise<void> {
    const target = tx.tags.get(cell.tag);
    switch (target?.kind) {
      case "session":
        return await receiveOnSession(tx, tx.sessions.get(target.device), cell);
      case "claim":
        return await receiveClaim(tx, target, cell);
      case "introduction":
        return await receiveIntroduction(tx, target, cell);
      case undefined:
        if (this.#isAtAddress(tx.self.published, cell.tag) && this.#mayOpenAddressCell()) await receiveAtAddress(tx, cell);
    }
  }

  #concerns(tag: Uint8Array): boolean {
    return this.#state.tags.get(tag) !== undefined || this.#isAtAddress(this.#state.self.published, tag);
  }

  #isAtAddress(published: boolean, tag: Uint8Array): boolean {
    return published && this.#address.matches(tag, this.#now());
  }

  #mayOpenAddressCell(): boolean {
    const day = Math.floor(this.#now() / DAY_MS);
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
      if (session !== undefined) await receivePlaintext(tx, session, plaintext);
    }
  }
}

async function receiveOnSession(tx: Transaction, record: SessionRecord | undefined, cell: FeedCell): Promise<void> {
  if (record === undefined) return;
  let opened: ReturnType<SessionRecord["session"]["decrypt"]>;
  try {
    opened = record.session.decrypt(tx.p, cell.tag, cell.body);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // A cell that does not verify counts as absent. One that does, and whose message cannot be opened, is worth a word.
    if (error.code.startsWith("session/") && error.code !== "session/duplicate") {
      tx.happened({ type: "error", error: new MessengerError("message/unreadable", { reason: error.message }, { cause: error }) });
    }
    return;
  }
  const { session, plaintext, watch, missing } = opened;
  const next = { ...record, session, missing, read: Math.max(record.read, cell.cursor) };
  putSession(tx, next, watch);
  if (missing > record.missing) {
    tx.happened({ type: "error", error: new MessengerError("message/missing", { count: missing - record.missing }) });
    // A session's cells are pinned in their order: if the board has what is missing, it stands after the newest one that was read.
    tx.readAgain(record.read);
  }
  await receivePlaintext(tx, next, plaintext);
}
