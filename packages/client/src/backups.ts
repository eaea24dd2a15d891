// Backups as apps see them. Takes the engine; gives streams, imports, and a schedule. Not a concern here: how a backup is made and read
// (backup-export.ts, backup-import.ts), keeping one at a relay (engine/backup-keeper.ts).

import { refuseAborted } from "./aborted.ts";
import type { BackupOptions, Backups, BackupSink, BackupSource, BackupStatus, Duration } from "./api.ts";
import type { OpenedBackup } from "./backup-import.ts";
import type { BackupSinkSchedule } from "./backup-sink.ts";
import { durationMs } from "./duration.ts";
import { keptBackup } from "./engine/backup-record.ts";
import type { Commit } from "./engine/transaction.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { later } from "./later.ts";
import { BACKUP_EVERY_MS } from "./limits.ts";
import { LiveValue } from "./live.ts";
import { backupKind } from "./records/backup-record.ts";
import type { Views } from "./views.ts";

/** The backups of one client. */
export class BackupBook implements Backups {
  readonly status: LiveValue<BackupStatus>;
  readonly #views: Views;
  #sink: BackupSinkSchedule | undefined;

  constructor(views: Views) {
    this.#views = views;
    this.status = new LiveValue(this.#now(), sameStatus);
  }

  export({ signal, onProgress }: BackupOptions = {}): ReadableStream<Uint8Array> {
    const { engine } = this.#views;
    let bytes: AsyncGenerator<Uint8Array, void, undefined> | undefined;
    const begin = async (): Promise<AsyncGenerator<Uint8Array, void, undefined>> => {
      const { exportFrom } = await later.exporting();
      return exportFrom(engine, (progress) => onProgress?.(progress));
    };
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            refuseAborted(signal);
            bytes ??= await begin();
            const { done, value } = await bytes.next();
            if (done === true) controller.close();
            else controller.enqueue(value);
          } catch (error) {
            throw asMessengerError(error);
          }
        },
        async cancel() {
          await bytes?.return();
        },
      },
      { highWaterMark: 0 },
    );
  }

  async import(from: BackupSource, options: { phrase?: string } & BackupOptions = {}): Promise<{ messages: number }> {
    refuseAborted(options.signal);
    try {
      const { importInto } = await later.importing();
      return { messages: await importInto(this.#views.engine, from, options) };
    } catch (error) {
      throw asMessengerError(error);
    }
  }

  /** Takes in what was opened before there was a client. Errors of `import`. */
  async take(opened: OpenedBackup, options: BackupOptions): Promise<void> {
    try {
      await (await later.importing()).importBackup(this.#views.engine, opened, options);
    } catch (error) {
      throw asMessengerError(error);
    }
  }

  async schedule(plan: { every: Duration; to: "relay" | BackupSink } | null): Promise<void> {
    const { engine } = this.#views;
    const toRelay = plan !== null && plan.to === "relay";
    const every = plan === null ? 0 : checkedEvery(plan.every, toRelay);
    const { BackupSinkSchedule } = await later.writingBackups();
    this.#sink?.stop();
    this.#sink = undefined;
    const kept = toRelay ? every : null;
    if (keptBackup(engine.state).every !== kept) await engine.run("scheduleBackup", kept);
    if (plan !== null && plan.to !== "relay") {
      this.#sink = new BackupSinkSchedule(this, engine.clock, every, plan.to, () => this.status.set(this.#now()));
    }
    this.status.set(this.#now());
  }

  async upload(options: BackupOptions = {}): Promise<void> {
    refuseAborted(options.signal);
    await this.#views.engine.uploadBackup(options);
  }

  /** Follows a commit. */
  refresh({ rows }: Commit): void {
    if (rows.has(backupKind.table)) this.status.set(this.#now());
  }

  /** The client closes. */
  close(): void {
    this.#sink?.stop();
  }

  #now(): BackupStatus {
    if (this.#sink !== undefined) return this.#sink.status;
    const { every, last, failed } = keptBackup(this.#views.engine.state);
    return {
      ...(every === null ? {} : { every }),
      ...(last === null ? {} : { last: new Date(last.at), bytes: last.bytes }),
      ...(failed === null ? {} : { error: new MessengerError(failed.code, failed.details) as MessengerError }),
    };
  }
}

function checkedEvery(duration: Duration, atRelay: boolean): number {
  const every = durationMs(duration);
  const { least, most } = BACKUP_EVERY_MS;
  if (atRelay && (every < least || every > most))
    throw new MessengerError("argument/invalid", { reason: "a relay keeps a backup made every one to thirty days" });
  if (every === 0) throw new MessengerError("argument/invalid", { reason: "a backup cannot be made all the time" });
  return every;
}

function sameStatus(a: BackupStatus, b: BackupStatus): boolean {
  const [one, other] = [a, b].map(({ every, last, bytes, error }) => [every, last?.getTime(), bytes, error?.code].join());
  return one === other;
}
