// What another device of this account tells: copies of messages, what was read and written there, contacts, lists, and facts about the account.
// Takes decoded contents and the session they came on; changes the transaction. Not a concern here: what contacts say
// (contents-from-contacts.ts).

import {
  accountId,
  type AccountStateBody,
  type CardBody,
  type CopyBody,
  decodeBundle,
  isLater,
  type Named,
  ProtocolError,
  type PublicKey,
  verifyDeviceList,
  verifyKeptCard,
} from "@sotto/protocol";
import type { ContactId, ConversationId } from "../api.ts";
import { later } from "../later.ts";
import { conversationWith } from "../records/conversation-record.ts";
import { takeBackupLock } from "./backup-lock.ts";
import { receiveRestarted } from "./clones.ts";
import { openConversation } from "./conversations.ts";
import { acceptOwnList, cameBack } from "./device-lists.ts";
import { receivePing, spokenOn } from "./healing.ts";
import { hold } from "./held.ts";
import { introduceEverywhere, introduceToOwnDevices } from "./joining.ts";
import { takeMessage } from "./messages.ts";
import { takeConversation, takeRead } from "./reading.ts";
import type { Said } from "./received-contents.ts";
import { acceptRelays } from "./relay-moves.ts";
import { acceptSyncedContact } from "./synced-contacts.ts";
import type { Transaction } from "./transaction.ts";
import { verified } from "./verified.ts";

/** Takes in what another device of this account told. */
export async function receiveFromOwnDevice(tx: Transaction, said: Said): Promise<void> {
  for (const content of said.contents) {
    switch (content.type) {
      case "copy":
        spokenOn(tx, said.session, "read");
        await receiveCopy(tx, said, content.body);
        break;
      case "read": {
        const { ids } = content.body;
        await inConversation(tx, said, content.body, async (id) => await takeRead(tx, id, ids));
        break;
      }
      case "conversation": {
        const change = content.body;
        await inConversation(tx, said, change, (id) => takeConversation(tx, id, change));
        break;
      }
      case "card":
        await verified(tx, () => takeOwnBundles(tx, content.body));
        break;
      case "contact":
        await verified(tx, async () => await acceptSyncedContact(tx, content.body));
        break;
      case "device-list":
        await verified(tx, async () => {
          const list = verifyDeviceList(tx.p, content.body.list);
          if (accountId(list.account) !== tx.self.id) return;
          const accepted = await acceptOwnList(tx, list, content.body.requestKey?.expose().slice());
          if (accepted === "listed") introduceEverywhere(tx);
          else if (cameBack(tx).length > 0) await (await later.removing()).removeAgain(tx);
        });
        break;
      case "profile":
        takeName(tx, { name: content.body.name, at: content.sent, by: said.session.deviceId });
        break;
      case "relays":
        acceptRelays(tx, content.body);
        break;
      case "restarted":
        receiveRestarted(tx, said.session, content.body);
        break;
      case "ping":
        receivePing(tx, said.session, content.body.turn);
        break;
      case "account-state":
        receiveAccountState(tx, content.body);
        break;
      case "backup-lock":
        await verified(tx, () => takeBackupLock(tx, content.body));
        break;
      default:
        break;
    }
  }
}

/** Bundles of this account's devices: to begin with those that this one has not met, and to pass on in cards. */
function takeOwnBundles(tx: Transaction, { card }: CardBody): void {
  const { list, bundles } = verifyKeptCard(tx.p, card);
  if (accountId(list.account) !== tx.self.id) throw new ProtocolError("identity/not-listed", "a card is not of this account");
  const deviceBundles = { ...tx.self.deviceBundles };
  for (const { deviceId, issued, bytes } of bundles) {
    const held = deviceBundles[String(deviceId)];
    if (deviceId !== tx.device.id && (held === undefined || decodeBundle(held).issued < issued)) deviceBundles[String(deviceId)] = bytes;
  }
  tx.changeSelf({ deviceBundles });
  introduceToOwnDevices(tx);
}

function receiveAccountState(tx: Transaction, { names, profile, published, handle }: AccountStateBody): void {
  takeDeviceNames(tx, names);
  takeName(tx, profile);
  // Each device puts its own bundle into the directory.
  const publishedAt = tx.self.published ? tx.self.publishedAt : {};
  tx.changeSelf({ published, handle: handle ?? tx.self.handle, publishedAt });
}

/** Takes the names of devices that were given later than those known. */
export function takeDeviceNames(tx: Transaction, names: AccountStateBody["names"]): void {
  const deviceNames = { ...tx.self.deviceNames };
  for (const { device, ...named } of names) {
    const known = deviceNames[String(device)];
    if (known === undefined || isLater(named, known)) deviceNames[String(device)] = named;
  }
  tx.changeSelf({ deviceNames });
}

/** Takes the account's name if it was given later than the one known. */
export function takeName(tx: Transaction, { name, at, by }: Named): void {
  if (isLater({ at, by }, tx.self.named)) tx.changeSelf({ name, named: { at, by } });
}

async function receiveCopy(tx: Transaction, said: Said, copy: CopyBody): Promise<void> {
  const author = accountId(copy.author as PublicKey) as ContactId;
  await inConversation(tx, said, copy, async (conversation) => {
    const other = conversation as string as ContactId;
    if (author !== other && author !== (tx.self.id as string)) return;
    for (const content of copy.contents) await takeMessage(tx, other, author, content, copy);
  });
}

/** What own devices tell of a conversation that is open here. The cells of several devices may cross: a contact may be on its way. */
async function inConversation(
  tx: Transaction,
  said: Said,
  { conversation }: Pick<CopyBody, "conversation">,
  take: (conversation: ConversationId) => void | Promise<void>,
): Promise<void> {
  const other = accountId(conversation as PublicKey) as ContactId;
  const phase = other === (tx.self.id as string) ? "open" : tx.contacts.get(other)?.phase;
  if (phase === undefined || phase === "request") return hold(tx, { ...said, account: other });
  if (phase !== "open" && phase !== "asking") return;
  openConversation(tx, other);
  await take(conversationWith(other));
}
