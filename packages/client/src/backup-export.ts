// A backup as bytes, made as they are asked for. Takes an engine; gives the header and sealed chunks, one after the other. Not a concern here:
// where the bytes go.

import { BackupWriter } from "@sotto/protocol";
import type { Progress } from "./api.ts";
import { backupContents } from "./engine/backup-contents.ts";
import { backupLock } from "./engine/backup-lock.ts";
import type { SharedEngine } from "./sharing/shared-engine.ts";

/** The whole account, as it is when the first bytes are asked for, in one file. `onProgress` counts places of the message log. */
export async function* exportFrom(
  { primitives: p, state, clock }: SharedEngine,
  onProgress: (progress: Progress) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = new BackupWriter(p, backupLock(p, state.self));
  const { account, end, messages } = backupContents(state, p, clock.now());
  yield writer.header;
  for (const item of account) yield* writer.add(item);
  for await (const { item, next } of messages(0)) {
    for (const chunk of writer.add(item)) {
      onProgress({ done: next, total: end });
      yield chunk;
    }
  }
  yield* writer.end();
  onProgress({ done: end, total: end });
}
