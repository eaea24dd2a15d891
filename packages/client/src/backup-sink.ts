// Writing a backup to a place of the app's whenever one is due, for as long as the client is open. Takes a sink, which is asked for a stream
// each time; keeps what became of it. Not a concern here: backups at a relay (engine/backup-keeper.ts).

import type { Backups, BackupSink, BackupStatus } from "./api.ts";
import type { Clock } from "./clock.ts";
import { asMessengerError } from "./error-mapping.ts";
import { BACKUP_RETRY_MS, UPKEEP_MS } from "./limits.ts";

/** One sink and its next time. */
export class BackupSinkSchedule {
  readonly #backups: Pick<Backups, "export">;
  readonly #clock: Clock;
  readonly #sink: BackupSink;
  readonly #changed: () => void;
  readonly #stop = new AbortController();
  #cancel: () => void = () => undefined;
  #status: BackupStatus;
  #due: number;

  /** Begins at once. @param every ms between two backups; `changed` is called when the status is another */
  constructor(backups: Pick<Backups, "export">, clock: Clock, every: number, sink: BackupSink, changed: () => void) {
    this.#backups = backups;
    this.#clock = clock;
    this.#sink = sink;
    this.#changed = changed;
    this.#status = { every };
    this.#due = clock.now();
    this.#wait();
  }

  get status(): BackupStatus {
    return this.#status;
  }

  stop(): void {
    this.#stop.abort();
    this.#cancel();
  }

  #wait(): void {
    if (this.#stop.signal.aborted) return;
    const wait = Math.max(0, Math.min(this.#due - this.#clock.now(), UPKEEP_MS));
    this.#cancel = this.#clock.after(wait, () => void (this.#clock.now() < this.#due ? this.#wait() : this.#write()));
  }

  async #write(): Promise<void> {
    const { every = 0 } = this.#status;
    try {
      let bytes = 0;
      const counted = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.length;
          controller.enqueue(chunk);
        },
      });
      const place = await this.#sink();
      await this.#backups.export({ signal: this.#stop.signal }).pipeThrough(counted).pipeTo(place);
      this.#status = { every, last: new Date(this.#clock.now()), bytes };
      this.#due = this.#clock.now() + every;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const { last, bytes } = this.#status;
      this.#status = {
        every,
        ...(last === undefined ? {} : { last }),
        ...(bytes === undefined ? {} : { bytes }),
        error: asMessengerError(error),
      };
      this.#due = this.#clock.now() + BACKUP_RETRY_MS;
    }
    this.#changed();
    this.#wait();
  }
}
