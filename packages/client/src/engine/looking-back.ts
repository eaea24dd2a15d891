// First contacts that a relay passes over: no session misses them, so every closed segment of a board is looked over once more, by its tags
// alone. A tag that this device watches and whose cell never came in sends the reading back to it. Whole segments are asked for, whoever is
// looked for. Takes what was read; says where reading has to go on. Not a concern here: gaps of sessions (reading-again.ts).

import { type PinnedTag, WHOLE_BOARD } from "@sotto/wire";
import type { Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { BOARD_KEEPS_MS, LOOK_BACK_MS, READ_AGAIN_MS, READ_AGAIN_TIMES } from "../limits.ts";
import type { PositionRecord } from "../records/position-record.ts";
import { RelayClient } from "../relay/relay-client.ts";
import { getTags } from "../relay/segment-tags.ts";
import type { Boards } from "./boards.ts";
import type { Receiver } from "./receive.ts";
import type { State } from "./state.ts";
import type { Transaction, Writer } from "./transaction.ts";

/** What it works on. */
export interface LookingBackSetting {
  readonly state: Pick<State, "positions">;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly boards: Pick<Boards, "isLive" | "goBack">;
  readonly receiver: Pick<Receiver, "concerns">;
  /** Told what went wrong, apart from a relay not answering. */
  failed(error: MessengerError): void;
}

/** Looks over what was read. */
export class LookingBack {
  readonly #setting: LookingBackSetting;
  readonly #stop = new AbortController();
  /** When a board was last read again, ms. */
  readonly #wentBack = new Map<string, number>();
  #running: Promise<void> | undefined;
  #cancel: () => void = () => undefined;

  constructor(setting: LookingBackSetting) {
    this.#setting = setting;
  }

  /** Looks where it is time, and sets the alarm for the next time. */
  check(): void {
    this.#cancel();
    if (this.#stop.signal.aborted) return;
    this.#running ??= this.#lookEverywhere().finally(() => {
      this.#running = undefined;
      this.#schedule();
    });
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#running;
  }

  #schedule(): void {
    if (this.#stop.signal.aborted) return;
    const { state, clock } = this.#setting;
    const due = [...state.positions.values()].map((position) => this.#dueAt(position));
    // What could not be asked now is asked when the board is read the next time, or then.
    this.#cancel = clock.after(Math.max(READ_AGAIN_MS, Math.min(...due) - clock.now()), () => this.check());
  }

  /** Once a segment after the one that is looked at next has ended; sooner when cells are still to come. */
  #dueAt({ relay, from, times }: PositionRecord): number {
    const again = (this.#wentBack.get(relay) ?? Number.NEGATIVE_INFINITY) + READ_AGAIN_MS;
    return times > 0 ? again : Math.max(again, from + 2 * LOOK_BACK_MS);
  }

  async #lookEverywhere(): Promise<void> {
    const { state, clock, boards, failed } = this.#setting;
    for (const position of [...state.positions.values()]) {
      if (this.#stop.signal.aborted) return;
      if (!boards.isLive(position.relay) || this.#dueAt(position) > clock.now()) continue;
      await this.#look(position).catch((cause: unknown) => {
        const failure = asMessengerError(cause);
        // That it cannot answer now is told by the connection.
        if (!MessengerError.is(failure, "relay/unreachable", "relay/rate-limited", "relay/busy", "aborted", "closed")) failed(failure);
      });
    }
  }

  async #look({ relay, from }: PositionRecord): Promise<void> {
    const { clock, transport, writer } = this.#setting;
    const { signal } = this.#stop;
    const client = new RelayClient({ relay, transport, clock });
    const { segmentMs } = await client.info({ signal });
    const route = { base: client.address, transport, clock };
    const now = clock.now();
    const first = Math.floor(Math.max(from, now - BOARD_KEEPS_MS) / segmentMs);
    for (let segment = first; segment * segmentMs <= now; segment++) {
      const tags = await getTags(route, WHOLE_BOARD, segment, { signal });
      if (tags === undefined) return;
      const until = (segment + 1) * segmentMs;
      const backTo = await writer.change((tx) => this.#compare(tx, relay, tags, until));
      if (backTo === undefined) continue;
      this.#wentBack.set(relay, now);
      this.#setting.boards.goBack(relay, backTo);
      return;
    }
  }

  /** Where reading has to go on; otherwise the segment, which ends at `until` (ms), is settled. Cells that never come in are given up. */
  #compare(tx: Transaction, relay: string, tags: readonly PinnedTag[], until: number): number | undefined {
    const held = tx.positions.get(relay);
    if (held === undefined) return undefined;
    const { times, met } = held;
    const missed = tags.find(({ cursor, tag }) => this.#setting.receiver.concerns(tag) && !met.includes(cursor));
    if (missed !== undefined && times < READ_AGAIN_TIMES) {
      tx.positions.put({ ...held, times: times + 1 });
      return Math.max(0, missed.cursor - 1);
    }
    const last = tags.at(-1)?.cursor ?? 0;
    tx.positions.put({ ...held, from: until, times: 0, met: met.filter((cursor) => cursor > last) });
    return undefined;
  }
}
