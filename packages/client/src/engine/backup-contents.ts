// What a backup is made of: the contents that devices of an account tell each other anyway, one to an item. Takes the account as it stands;
// gives its contacts at once and its messages as they are asked for. No session, no device key, no prekey is among them, so that what comes
// out of a backup is never a copy of a device. Not a concern here: sealing (protocol), taking it in (backup-import.ts).

import { encodeContents, type Primitives } from "@sotto/protocol";
import { accountState, contactContents, copyOf } from "./notices.ts";
import { conversationContent } from "./reading.ts";
import type { State } from "./state.ts";
import { Transaction } from "./transaction.ts";

/** An account at one moment. */
export interface BackupContents {
  /** Names, contacts, drafts. */
  readonly account: readonly Uint8Array[];
  /** Where the log ended: later messages do not belong to this backup. */
  readonly end: number;
  /** Messages from a place on, oldest first, each with the place after it. */
  messages(from: number): AsyncIterable<{ readonly item: Uint8Array; readonly next: number }>;
}

/** The account as it is now. What is changed later does not show: records are values, and the log only grows. */
export function backupContents(state: State, p: Primitives, now: number): BackupContents {
  // Never committed: a view of what is committed now.
  const view = new Transaction(state, p, now);
  const contacts = [...view.contacts.values()].filter(({ phase }) => phase !== "request");
  const conversations = [...view.conversations.values()].flatMap((record) => conversationContent(view, record) ?? []);
  const account = [accountState(view), ...contacts.flatMap((contact) => contactContents(view, contact)), ...conversations];
  const end = state.messages.next;
  return {
    account: account.map((content) => encodeContents([content])),
    end,
    async *messages(from) {
      for await (const record of state.messages.from(from)) {
        if (record.place >= end) return;
        const copy = copyOf(view, record);
        if (copy !== undefined) yield { item: encodeContents([copy]), next: record.place + 1 };
      }
    },
  };
}
