// `sotto backup`: contacts and messages, sealed for the 24 words, in a file or at the relay.
import type { BackupStatus } from "@sotto/client";
import { openBackupFile, writeBackup } from "../account/backup-file.ts";
import { sync, trySync, withClient } from "../account/with-client.ts";
import { givenWords, wordsFlags } from "../account/words.ts";
import { UsageError } from "../args/parse.ts";
import type { Command } from "../command.ts";
import { messageOf } from "../output/error-words.ts";
import { localTime } from "../output/message-view.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export const backup: Command = {
  name: "backup",
  summary: "say whether the relay keeps a backup",

  run: (context) =>
    withClient(context, async (client) => {
      const status = client.backups.status.get();
      const { every, last, bytes, error } = status;
      const value = { everyDays: every === undefined ? null : every / DAY_MS, last: last?.toISOString() ?? null, bytes: bytes ?? null };
      context.out.answer({ ...value, error: error?.code ?? null }, shown(status, context.place.folder));
    }),
};

export const exportBackup: Command = {
  name: "backup export",
  summary: "write a backup to a file",
  details: "Contacts and messages, as they are now. Only your 24 words open it: keep it wherever you like.",
  operands: [{ name: "file", help: "a new file" }],

  run: (context) =>
    withClient(context, async (client) => {
      const file = context.input.operand("file");
      await trySync(client, context);
      const bytes = await writeBackup(file, client.backups.export({ signal: context.signal }));
      context.out.answer({ file, bytes }, `Written: ${file} (${size(bytes)}). Your 24 words open it, and nothing else does.`);
    }),
};

export const importBackup: Command = {
  name: "backup import",
  summary: "take in contacts and messages from a backup",
  details:
    "What is here already stays as it is, and nothing comes twice. `relay` is the newest backup that the relay has. A device that was\nlinked needs the 24 words for it, from a file or file descriptor.",
  operands: [{ name: "source", help: "a file, or: relay" }],
  flags: wordsFlags,

  run: (context) =>
    withClient(context, async (client) => {
      const source = context.input.operand("source");
      const phrase = await givenWords(context);
      const from = source === "relay" ? source : await openBackupFile(source);
      const { messages } = await client.backups.import(from, { signal: context.signal, ...(phrase === undefined ? {} : { phrase }) });
      await trySync(client, context);
      context.out.answer({ messages }, messages === 1 ? "1 message came back." : `${messages} messages came back.`);
    }),
};

export const uploadBackup: Command = {
  name: "backup now",
  summary: "make a backup at the relay",

  run: (context) =>
    withClient(context, async (client) => {
      await sync(client, context);
      await client.backups.upload({ signal: context.signal });
      const { last, bytes = 0 } = client.backups.status.get();
      context.out.answer({ last: last?.toISOString() ?? null, bytes }, `The relay keeps ${size(bytes)} for 90 days.`);
    }),
};

export const scheduleBackup: Command = {
  name: "backup schedule",
  summary: "have the relay keep a backup, made by itself",
  details: "Made whenever it is due while a program has the account open, for instance `sotto read --follow`; at once: sotto backup now.",
  operands: [{ name: "every", help: "1d to 30d, 1w to 4w, or: off" }],

  run: (context) =>
    withClient(context, async (client) => {
      const every = context.input.operand("every");
      if (every !== "off" && !isDuration(every))
        throw new UsageError(`${JSON.stringify(every)} is no such time: give 1d to 30d, 1w to 4w, or off`);
      await client.backups.schedule(every === "off" ? null : { every, to: "relay" });
      const text = every === "off" ? "No backup is made by itself. What the relay has expires there." : `A backup is made every ${every}.`;
      context.out.answer({ every: every === "off" ? null : every }, text);
    }),
};

function isDuration(text: string): text is `${number}d` | `${number}w` {
  return /^[1-9]\d?[dw]$/.test(text);
}

function shown({ every, last, bytes = 0, error }: BackupStatus, folder: string): string[] {
  const kept =
    last === undefined ? "The relay keeps no backup of this device." : `The relay keeps a backup of ${localTime(last)} (${size(bytes)}).`;
  const days = every === undefined ? 0 : every / DAY_MS;
  const next =
    every === undefined ? "None is made by itself: sotto backup schedule 7d" : `One is made every ${days === 1 ? "day" : `${days} days`}.`;
  return error === undefined ? [kept, next] : [kept, next, `The last attempt failed: ${messageOf(error, folder)}`];
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
