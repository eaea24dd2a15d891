// Every change of the account that a person's doing can cause, by name: what the public objects run, in this process or, over a channel, in
// the one that holds the account. Takes a transaction and arguments that can be copied (text, numbers, bytes, records of those); gives a
// result of the same sort. Not a concern here: what the changes do, who runs them (engine.ts).

import { later } from "../later.ts";
import type { prepareContact } from "./asking.ts";
import { scheduleBackup } from "./backup-record.ts";
import type { takeBackup } from "./backup-take.ts";
import { continueSending } from "./clones.ts";
import { renameContact, verifyContact } from "./contact-changes.ts";
import { openNotes } from "./conversations.ts";
import type { giveAccount } from "./giving.ts";
import type { acceptInvite, keepInvite, prepareInvite } from "./invites.ts";
import { sendAgain, sendText } from "./messages.ts";
import { confirmPhrase, rename, renameDevice, seePhrase, setHandle, setPublished } from "./profile.ts";
import { changeListing, markRead, setDraft } from "./reading.ts";
import type { chooseRelays } from "./relay-moves.ts";
import type { removeDevice } from "./removal.ts";
import type { renewDevice } from "./renewal.ts";
import type { acceptStranger, declineStranger } from "./strangers.ts";
import type { decideResend } from "./restarts.ts";
import type { Transaction } from "./transaction.ts";

/** The commands. A function that is added here takes and gives nothing but values that can be copied. */
export const commands = {
  acceptInvite: async (...given: Parameters<typeof acceptInvite>) => await (await later.invites()).acceptInvite(...given),
  acceptStranger: async (...given: Parameters<typeof acceptStranger>) => await (await later.answering()).acceptStranger(...given),
  changeListing,
  chooseRelays: async (...given: Parameters<typeof chooseRelays>) => (await later.movingRelays()).chooseRelays(...given),
  confirmPhrase,
  continueSending,
  decideResend: async (...given: Parameters<typeof decideResend>) => await (await later.decidingResend()).decideResend(...given),
  declineStranger: async (...given: Parameters<typeof declineStranger>) => await (await later.answering()).declineStranger(...given),
  giveAccount: async (...given: Parameters<typeof giveAccount>) => await (await later.handing()).giveAccount(...given),
  keepInvite: async (...given: Parameters<typeof keepInvite>) => (await later.invites()).keepInvite(...given),
  markRead,
  openNotes,
  prepareContact: async (...given: Parameters<typeof prepareContact>) => await (await later.asking()).prepareContact(...given),
  prepareInvite: async (...given: Parameters<typeof prepareInvite>) => (await later.invites()).prepareInvite(...given),
  renewDevice: async (...given: Parameters<typeof renewDevice>) => await (await later.renewing()).renewDevice(...given),
  removeDevice: async (...given: Parameters<typeof removeDevice>) => await (await later.removing()).removeDevice(...given),
  rename,
  renameContact,
  renameDevice,
  scheduleBackup,
  seePhrase,
  sendAgain,
  sendText,
  setDraft,
  setHandle,
  setPublished,
  takeBackup: async (...given: Parameters<typeof takeBackup>) => await (await later.taking()).takeBackup(...given),
  verifyContact,
} as const;

export type CommandName = keyof typeof commands;
type Command<N extends CommandName> = (typeof commands)[N];

/** What a command is given beside the transaction. */
export type CommandArguments<N extends CommandName> = Command<N> extends (tx: Transaction, ...given: infer A) => unknown ? A : never;

/** What a command gives. */
export type CommandResult<N extends CommandName> = Awaited<ReturnType<Command<N>>>;

/** Runs a command in a transaction. */
export async function runCommand<N extends CommandName>(tx: Transaction, name: N, given: CommandArguments<N>): Promise<CommandResult<N>> {
  const command = commands[name] as unknown as (tx: Transaction, ...given: CommandArguments<N>) => CommandResult<N>;
  return await command(tx, ...given);
}
