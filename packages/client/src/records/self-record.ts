// This account and this device, as stored: one record, the only place where private keys are kept. Not a concern here: other people.

import type { DeviceList, Named, Stamp } from "@sotto/protocol";
import type { AccountId, ContactId } from "../api.ts";
import { plainKind } from "../engine/table.ts";
import type { BoardPosition } from "../relay/feed.ts";

/** A device to which the account was handed over and that has not come back yet with its signature. */
export interface PendingLink {
  readonly deviceId: number;
  /** Device public key, 33 bytes. */
  readonly key: Uint8Array;
  readonly name: string;
  /** The account's request key that it was handed. */
  readonly requestKey: Uint8Array;
  /** What was handed over of each contact, as a digest (8 bytes). */
  readonly handed: Readonly<Record<ContactId, Uint8Array>>;
  /** The place in the log of the first message that was not handed over, and the places of those before that nobody had read. */
  readonly nextMessage: number;
  readonly unread: readonly number[];
}

/** A key under which devices introduced themselves before it was renewed (32 bytes), and until when it is watched still, ms. */
export interface FormerKey {
  readonly key: Uint8Array;
  readonly until: number;
}

/** A relay where this account reads. */
export interface AccountRelay {
  /** `http(s)://host[:port][/path]`. */
  readonly address: string;
  /**
   * Where a device begins that does not read there yet: no cell for this account lies before. `null` until the end of that board has been
   * found, and nobody is told of the relay before that.
   */
  readonly begin: BoardPosition | null;
  /** A relay that the account has left is read until then, ms: somebody may not have heard of it yet. `null` for one that it has. */
  readonly until: number | null;
}

/** How much of the history that this device was handed is here: messages, and what is left to fetch (engine/history-parts.ts). */
export interface HistoryTaken {
  readonly done: number;
  readonly total: number;
  readonly left: { readonly key: Uint8Array; readonly next: number; readonly parts: number } | null;
}

/** Everything this device knows of itself. */
export interface SelfRecord {
  readonly format: 1;
  readonly id: AccountId;
  /** Account public key, 33 bytes. */
  readonly account: Uint8Array;
  readonly name: string;
  /** When the name was given. */
  readonly named: Stamp;
  /** Where the account reads: its home first, then the others that it has, then those that it has left. */
  readonly relays: readonly AccountRelay[];
  /** When these relays were chosen, seconds since 1970: among devices and people the later choice holds. */
  readonly relaysChosen: number;
  /** Entropy of the recovery phrase (16 or 32 bytes); `null` on a linked device, which can sign no lists. */
  readonly phrase: Uint8Array | null;
  readonly recovery: "unseen" | "seen" | "confirmed";
  /** This device: private key 32 bytes. */
  readonly device: { readonly id: number; readonly registrationId: number; readonly privateKey: Uint8Array };
  /** What the devices are called, by device id. */
  readonly deviceNames: Readonly<Record<string, Named>>;
  /** The newest list of this account. A linked device is not in it until the device that has the words has signed it in. */
  readonly list: DeviceList;
  /** Keys (33 bytes) of devices that this one took off the list, the newest: a list that names one again was signed by who did not know. */
  readonly tookOff: readonly Uint8Array[];
  /** The highest device id ever given away: ids are not used again. */
  readonly highestDeviceId: number;
  /** Under this key devices of this account introduce themselves to each other, 32 bytes; renewed when one of them is removed. */
  readonly requestKey: Uint8Array;
  readonly formerKeys: readonly FormerKey[];
  /**
   * The root of the lane on which devices restored from the words introduce themselves to this device, 32 bytes: no other device without
   * the words knows it, so a removed one does not recognise them.
   */
  readonly restoreRoot: Uint8Array;
  /** Where this device reads: 8 random bytes of which a shard's prefix is the beginning (spec §4). */
  readonly locator: Uint8Array;
  readonly published: boolean;
  readonly handle: string | null;
  /** When this device last put list and bundle into the directory of each relay, ms; none where what is there is known to be out of date. */
  readonly publishedAt: Readonly<Record<string, number>>;
  readonly pendingLink: PendingLink | null;
  /** The newest bundle held of each other device of this account, by device id; verified when it came. */
  readonly deviceBundles: Readonly<Record<string, Uint8Array>>;
  /** On a linked device: what closes the account's backups, signed by the account (spec §11); with the words here it follows from them. */
  readonly backupLock: Uint8Array | null;
  /** Nothing but zeros on a device that was not linked. */
  readonly history: HistoryTaken;
  /** Whether this device was taken off the list: it neither reads nor sends any more. */
  readonly removed: boolean;
}

/** The one key of the table. */
export const SELF = "self";

export const selfKind = plainKind<SelfRecord>("self", () => SELF);
