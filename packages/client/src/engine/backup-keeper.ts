// Keeps a backup at the relay: makes one when it is due, tries again later when that fails, and writes down why. One at a time. Takes a clock
// and the account; the making itself is loaded when it is first needed (backup-upload.ts). Not a concern here: what is in a backup.

import type { BackupOptions } from "../api.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { later } from "../later.ts";
import { BACKUP_RETRY_MS, UPKEEP_MS } from "../limits.ts";
import { firstToAnswer } from "../relay/first-to-answer.ts";
import { changeBackup, keptBackup } from "./backup-record.ts";
import type { BackupSetting } from "./backup-upload.ts";
import { isListed } from "./notices.ts";
import { toldRelays } from "./own-relays.ts";
import { untilAborted } from "./until.ts";

/** Everything but the relay, which may be another one each time. */
export type KeeperSetting = Omit<BackupSetting, "relay"> & { relay(address: string): BackupSetting["relay"] };

/** Makes backups when they are due. */
export class BackupKeeper {
  readonly #setting: KeeperSetting;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #cancel: () => void = () => undefined;
  /** Before this moment nothing is tried again, ms. */
  #pauseUntil = 0;

  constructor(setting: KeeperSetting) {
    this.#setting = setting;
  }

  /** Makes a backup if one is due, and sets the alarm for the next one. */
  check(): void {
    this.#cancel();
    if (this.#stop.signal.aborted || this.#running !== undefined) return;
    const wait = this.#wait();
    if (wait === undefined) return;
    if (wait > 0) this.#cancel = this.#setting.clock.after(Math.min(wait, UPKEEP_MS), () => this.check());
    else void this.upload().catch(() => undefined);
  }

  /** Makes a backup now, or waits for the one that is being made. Errors of `uploadBackup`, `closed`. */
  async upload(options: BackupOptions = {}): Promise<void> {
    if (this.#stop.signal.aborted) throw new MessengerError("closed", {});
    const running = this.#running;
    if (running !== undefined) {
      return await untilAborted(options.signal, (resolve, reject) => {
        running.then(resolve, reject);
        return () => undefined;
      });
    }
    const upload = this.#upload(options);
    // Whoever waits for it hears of a failure; who only stops waits for its end.
    this.#running = upload;
    try {
      await upload;
    } finally {
      this.#running = undefined;
      this.check();
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#running?.catch(() => undefined);
  }

  /** ms until the next one is due; `undefined` when none is. */
  #wait(): number | undefined {
    const { state, clock } = this.#setting;
    const { every, last } = keptBackup(state);
    if (every === null || !isListed(state)) return undefined;
    const due = last === null ? 0 : last.at + every;
    return Math.max(due, this.#pauseUntil) - clock.now();
  }

  async #upload({ signal, onProgress }: BackupOptions): Promise<void> {
    const { writer, clock, relay, ...setting } = this.#setting;
    const both = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    try {
      const { uploadBackup } = await later.uploading();
      const options = { signal: both, ...(onProgress === undefined ? {} : { onProgress }) };
      // The home, or another relay of the account while that one is away: who has the words asks all of them.
      await firstToAnswer(toldRelays(setting.state.self), async (address) => {
        await uploadBackup({ ...setting, writer, clock, relay: relay(address) }, options);
      });
      this.#pauseUntil = 0;
    } catch (error) {
      const reason = asMessengerError(error);
      this.#pauseUntil = clock.now() + BACKUP_RETRY_MS;
      if (this.#stop.signal.aborted) throw new MessengerError("closed", {});
      const { code, details } = reason;
      if (code !== "aborted") await writer.change((tx) => changeBackup(tx, { failed: { code, details } }));
      throw reason;
    }
  }
}
