// All commands, in the order of the help text.
import type { Command } from "../command.ts";
import { accept } from "./accept.ts";
import { backup, exportBackup, importBackup, scheduleBackup, uploadBackup } from "./backup.ts";
import { chats } from "./chats.ts";
import { completionFor } from "./completion.ts";
import { devices } from "./devices.ts";
import { find } from "./find.ts";
import { helpFor } from "./help.ts";
import { init } from "./init.ts";
import { invite } from "./invite.ts";
import { link } from "./link.ts";
import { login } from "./login.ts";
import { pairReceive, pairSend } from "./pair.ts";
import { publish } from "./publish.ts";
import { read } from "./read.ts";
import { confirmRecovery, recovery, showRecovery } from "./recovery.ts";
import { acceptRequest, declineRequest, requests } from "./requests.ts";
import { relays } from "./relays.ts";
import { proceed, renew, resend } from "./repair.ts";
import { restore } from "./restore.ts";
import { send } from "./send.ts";
import { verify } from "./verify.ts";

/** The table that parsing and help are made of. */
export const commands: Command[] = [
  init,
  login,
  restore,
  invite,
  accept,
  publish,
  find,
  send,
  read,
  chats,
  requests,
  acceptRequest,
  declineRequest,
  verify,
  devices,
  relays,
  link,
  recovery,
  showRecovery,
  confirmRecovery,
  resend,
  proceed,
  renew,
  backup,
  uploadBackup,
  scheduleBackup,
  exportBackup,
  importBackup,
  pairSend,
  pairReceive,
];
commands.push(helpFor(commands), completionFor(commands));
