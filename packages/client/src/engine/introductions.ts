// First contacts on their way out (spec §5): the cell in which this device begins a session with one that cannot know it yet, by an invite's
// claim slot, a public address, or a known account's request lane; and the wishes that the other one begin it, or sign this one in (spec §5, §8).
// Takes the contact and the plaintext of the hello; begins the session from the device's bundle and enqueues the cell, or seals the same at the
// next address when the first one was taken. Not a concern here: what a hello says, first contacts that arrive (meeting.ts).

import {
  type CellAddress,
  claimAddress,
  type DeviceEntry,
  type DeviceList,
  newAddressCell,
  type OneTimePrekey,
  prekeysOf,
  ProtocolError,
  type PublicKey,
  requestAddress,
  sealFirstContact,
  sealJoin,
  sealKnock,
  sealRestart,
  Secret,
  signDeviceEntry,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { LANE_LENGTH } from "../limits.ts";
import type { Lane, OutboxRecord } from "../records/outbox-record.ts";
import { sessionName, type SessionRecord } from "../records/session-record.ts";
import { knownBundles } from "./cards.ts";
import { enqueue, sessionBegan } from "./outbound.ts";
import { ownBundle, privateOneTimePrekey } from "./own-prekeys.ts";
import { openSession, putSession } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Ways beside a session. */
type SealedLane = Exclude<Lane, { kind: "session" | "again" }>;

/** How a first contact travels. */
export type IntroductionLane = Exclude<SealedLane, { kind: "join" } | { kind: "knock" } | { kind: "restart" }>;

/** Another account, the list by which its devices are known, and the bundles to begin with. */
export interface Recipient {
  readonly id: ContactId;
  readonly list: DeviceList;
  readonly bundles: Readonly<Record<string, Uint8Array>>;
}

/** Begins a session and enqueues its hello; gives the place in the outbox, or null when the device's prekeys are not known or no keys at all. */
export function introduce(
  tx: Transaction,
  to: Recipient,
  lane: IntroductionLane,
  plaintext: Uint8Array,
  options: { after?: number | null; oneTime?: OneTimePrekey } = {},
): number | null {
  const entry = to.list.entries.find(({ id }) => id === lane.deviceId);
  const bundle = knownBundles(tx.p, to.bundles, to.list).find(({ deviceId }) => deviceId === lane.deviceId);
  if (entry === undefined || bundle === undefined) return null;
  openSession(tx, to.id, to.list.account, entry);
  const device = sessionName(entry.key);
  const record = tx.sessions.get(device);
  if (record === undefined || record.account !== to.id) return null;
  const begun = beginning(tx, record, () => prekeysOf(tx.p, bundle, entry, options.oneTime), plaintext);
  if (begun === undefined) return null;
  const { session, hello, watch } = begun;
  putSession(tx, { ...record, session }, watch);
  const cell = sealOnLane(tx, to.list, lane, hello);
  const place = enqueue(tx, { account: to.id, deviceId: lane.deviceId, lane, plaintext, hello, after: options.after ?? null, ...cell });
  sessionBegan(tx, device);
  return place;
}

/** A device that signs what cannot be agreed with (M-1) is not begun with: that must not keep this one from beginning with others. */
function beginning(
  tx: Transaction,
  { session }: SessionRecord,
  prekeys: () => ReturnType<typeof prekeysOf>,
  plaintext: Uint8Array,
): ReturnType<SessionRecord["session"]["initiate"]> | undefined {
  try {
    return session.initiate(tx.p, prekeys(), plaintext, tx.now);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "agreement/invalid-key") return undefined;
    throw error;
  }
}

/** Asks the device that handed the account over to sign this one in. */
export function askToJoin(tx: Transaction, list: DeviceList, giver: number): void {
  const lane = { kind: "join", requestKey: tx.self.requestKey, index: 0, deviceId: giver } as const;
  enqueueWish(tx, { id: tx.self.id as string as ContactId, list }, lane);
}

/** Asks a device of a contact to begin a session with this one. */
export function sendKnock(tx: Transaction, to: Pick<Recipient, "id" | "list">, lane: Extract<Lane, { kind: "knock" }>): void {
  enqueueWish(tx, to, lane);
}

/** Asks the device of a session to begin a new one; gives the one-time prekey (33 bytes) made for it, or null when its lane is not known. */
export function askForRestart(tx: Transaction, { account, deviceId }: SessionRecord): Uint8Array | null {
  const contact = tx.contacts.get(account);
  const requestKey = contact === undefined ? tx.self.requestKey : contact.theirRequestKey;
  if (requestKey === null) return null;
  const oneTime = privateOneTimePrekey(tx);
  const lane = { kind: "restart", requestKey, index: 0, deviceId, issued: tx.now, oneTime } as const;
  enqueueWish(tx, { id: account, list: contact?.list ?? tx.self.list }, lane);
  return oneTime.key;
}

function enqueueWish(tx: Transaction, { id, list }: Pick<Recipient, "id" | "list">, lane: Exclude<SealedLane, IntroductionLane>): void {
  const { deviceId } = lane;
  enqueue(tx, { account: id, deviceId, lane, plaintext: new Uint8Array(), ...sealOnLane(tx, list, lane, null) });
}

/** The same first contact at the next address of its lane; `undefined` when there is none left. */
export function introduceAgain(tx: Transaction, list: DeviceList, cell: OutboxRecord, lane: SealedLane): OutboxRecord | undefined {
  const next = nextOnLane(lane);
  if (next === undefined) return undefined;
  return { ...cell, ...sealOnLane(tx, list, next, cell.hello), lane: next };
}

function nextOnLane<L extends SealedLane>(lane: L): L | undefined {
  switch (lane.kind) {
    case "claim":
      return lane.slot + 1 < lane.uses ? { ...lane, slot: lane.slot + 1 } : undefined;
    case "introduction":
    case "join":
    case "knock":
    case "restart":
      return lane.index + 1 < LANE_LENGTH ? { ...lane, index: lane.index + 1 } : undefined;
    default:
      return lane;
  }
}

interface SealedBody {
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
}

/** A cell at the lane's address; `hello`: what begins the session, where one is begun. */
function sealOnLane(tx: Transaction, list: DeviceList, lane: SealedLane, hello: Uint8Array | null): SealedBody {
  const device = list.entries.find(({ id }) => id === lane.deviceId) as DeviceEntry;
  const address = addressOnLane(tx, list.account, device.key, lane);
  return { tag: address.tag, body: sealedBody(tx, address, { account: list.account, device }, lane, hello) };
}

function sealedBody(
  tx: Transaction,
  address: CellAddress,
  to: { readonly account: PublicKey; readonly device: DeviceEntry },
  lane: SealedLane,
  hello: Uint8Array | null,
): Uint8Array {
  const { p, device, self } = tx;
  const account = self.account as PublicKey;
  switch (lane.kind) {
    case "join": {
      const entry = signDeviceEntry(p, device, account, tx.now);
      return sealJoin(p, address, to, { entry, bundle: ownBundle(tx).bundle.bytes });
    }
    case "knock":
      return sealKnock(p, address, to, { list: self.list, bundle: ownBundle(tx).bundle });
    case "restart": {
      const { issued, oneTime } = lane;
      return sealRestart(p, address, to, { device, account }, { issued, oneTime, bundle: ownBundle(tx).bundle });
    }
    default: {
      const from = { list: self.list, deviceId: device.id };
      return sealFirstContact(p, { address, to, from, hello: hello as Uint8Array });
    }
  }
}

function addressOnLane(tx: Transaction, account: PublicKey, device: PublicKey, lane: SealedLane): CellAddress {
  switch (lane.kind) {
    case "claim":
      return claimAddress(tx.p, new Secret(lane.requestKey), lane.slot);
    case "introduction":
    case "join":
    case "knock":
    case "restart":
      return requestAddress(tx.p, new Secret(lane.requestKey), tx.self.account as PublicKey, device, lane.index);
    case "address":
      return newAddressCell(tx.p, account, tx.now);
  }
}
