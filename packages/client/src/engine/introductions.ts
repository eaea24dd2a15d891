// First contacts on their way out (spec §5): the cell in which this device introduces itself to one that cannot know it yet, by an invite's
// claim slot, a public address, or a known account's request lane. Takes the contact and the plaintext of the hello; enqueues the cell, and
// seals it anew at the next address when the first one was taken. Not a concern here: what a hello says, first contacts that arrive
// (meeting.ts).

import {
  type CellAddress,
  claimAddress,
  type DeviceEntry,
  type DeviceList,
  newAddressCell,
  type PublicKey,
  requestAddress,
  sealFirstContact,
  sealJoin,
  sealStaticHello,
  Secret,
  signDeviceEntry,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { LANE_LENGTH } from "../limits.ts";
import type { Lane, OutboxRecord } from "../records/outbox-record.ts";
import { enqueue } from "./outbound.ts";
import type { Transaction } from "./transaction.ts";

/** How a first contact travels. */
export type IntroductionLane = Exclude<Lane, { kind: "session" }>;

/** Another account and the list by which its devices are known. */
interface Recipient {
  readonly id: ContactId;
  readonly list: DeviceList;
}

/** Enqueues a first contact and gives its place in the outbox. */
export function introduce(
  tx: Transaction,
  to: Recipient,
  lane: IntroductionLane,
  plaintext: Uint8Array,
  after: number | null = null,
): number {
  const cell = sealOnLane(tx, to, lane, plaintext);
  return enqueue(tx, { account: to.id, deviceId: lane.deviceId, lane, plaintext, after, ...cell });
}

/** The same first contact at the next address of its lane; `undefined` when there is none left. */
export function introduceAgain(tx: Transaction, to: Recipient, cell: OutboxRecord, lane: IntroductionLane): OutboxRecord | undefined {
  const next = nextOnLane(lane);
  return next === undefined ? undefined : { ...cell, ...sealOnLane(tx, to, next, cell.plaintext), lane: next };
}

function nextOnLane(lane: IntroductionLane): IntroductionLane | undefined {
  switch (lane.kind) {
    case "claim":
      return lane.slot + 1 < lane.uses ? { ...lane, slot: lane.slot + 1 } : undefined;
    case "introduction":
    case "join":
      return lane.index + 1 < LANE_LENGTH ? { ...lane, index: lane.index + 1 } : undefined;
    case "address":
      return lane;
  }
}

function sealOnLane(tx: Transaction, to: Recipient, lane: IntroductionLane, plaintext: Uint8Array): { tag: Uint8Array; body: Uint8Array } {
  const { p } = tx;
  const device = to.list.entries.find(({ id }) => id === lane.deviceId) as DeviceEntry;
  const address = addressOnLane(tx, to.list.account, device.key, lane);
  const recipient = { account: to.list.account, device };
  if (lane.kind === "join") {
    const entry = signDeviceEntry(p, tx.state.device, tx.self.account as PublicKey, tx.now);
    return { tag: address.tag, body: sealJoin(p, address, recipient, entry) };
  }
  const hello = sealStaticHello(p, tx.state.device.keys, device.key, plaintext);
  const from = { list: tx.self.list, deviceId: tx.state.device.id };
  return { tag: address.tag, body: sealFirstContact(p, { address, to: recipient, from, hello }) };
}

function addressOnLane(tx: Transaction, account: PublicKey, device: PublicKey, lane: IntroductionLane): CellAddress {
  switch (lane.kind) {
    case "claim":
      return claimAddress(tx.p, new Secret(lane.requestKey), lane.slot);
    case "introduction":
    case "join":
      return requestAddress(tx.p, new Secret(lane.requestKey), tx.self.account as PublicKey, device, lane.index);
    case "address":
      return newAddressCell(tx.p, account, tx.now);
  }
}
