// What goes into a pairing and what comes out of it (spec §6): cells of the board, a person's decisions and time in; cells to write, and
// things to show, ask and hand over out. Not a concern here: the order in which they are allowed (table.ts).

import type { KeyPair, PublicKey } from "../agreement/key-pair.ts";
import type { ProtocolErrorCode } from "../errors.ts";

/** Who hands the account (or any secret) over, and who is new. */
export type PairingRole = "give" | "receive";

/** Whose screen shows the QR code, and whose camera reads it. */
export type PairingSide = "display" | "scan";

/** The new device's keys, when it becomes a device of an account and not only the receiver of a secret. */
export interface PairingDevice {
  readonly keys: KeyPair;
  /** 14 bits. */
  readonly registrationId: number;
}

/** What the other side says about itself. */
export interface PairingPeer {
  /** Chosen over there: at most 64 characters, without control characters, to be shown as a name and never as an instruction. */
  readonly deviceName: string;
  /** The new device's key; it has proved that it holds the private half. Absent if only a secret moves. */
  readonly device?: { readonly key: PublicKey; readonly registrationId: number };
}

/** `compare` appears on the new device and is typed on the old one; `reply` the other way round. */
export type PairingCode = "compare" | "reply";

/** What a driver tells the machine. An event that comes out of turn: from the board it waits or is ignored, from a person it is refused. */
export type PairingEvent =
  /** A cell of the watched shard. Cells with other tags, repeated cells and cells that do not open change nothing. */
  | { readonly type: "cell"; readonly tag: Uint8Array; readonly body: Uint8Array }
  /** What the relay said to an `append`. After a lost answer append the identical bytes again and report the last result. */
  | { readonly type: "appended"; readonly tag: Uint8Array; readonly result: "stored" | "duplicate" | "conflict" }
  /** Six digits that a person typed (spaces and hyphens are dropped). There is one try. */
  | { readonly type: "code"; readonly digits: string }
  /** Giver, after the right code: hand this over. 1 to `MAX_PAIRING_PAYLOAD` bytes. */
  | { readonly type: "approve"; readonly payload: Uint8Array }
  /** Receiver: what came is stored durably, so acknowledge it. */
  | { readonly type: "adopted" }
  /** Time passed: send one at `state.expires`, or about every second. */
  | { readonly type: "tick" }
  /** The person here stops, or denies. */
  | { readonly type: "cancel" };

/** What the machine asks of its driver, to be done in this order. Every run ends with exactly one `delivered` or `failed`. */
export type PairingEffect =
  /** Write this cell to the shard of `state.locator` and report `appended`; retry the identical bytes while the relay does not answer. */
  | { readonly type: "append"; readonly tag: Uint8Array; readonly body: Uint8Array }
  /** The tags that this side reads, once, at the start. */
  | { readonly type: "watch"; readonly tags: readonly Uint8Array[] }
  /** The other side answered and this is what it calls itself: nothing is proved about who it is before the codes are. */
  | { readonly type: "peer"; readonly info: PairingPeer }
  /** Show six digits. Giver: "type it there if it asks for it". */
  | { readonly type: "show-code"; readonly code: PairingCode; readonly digits: string }
  /** Ask the person for the six digits that the other screen shows. */
  | { readonly type: "ask-code"; readonly code: PairingCode }
  /** Giver: the typed code was right. Ask for what still has to be confirmed here, then send `approve`. */
  | { readonly type: "ask-approval" }
  /** Receiver: what was handed over. Store it durably, then send `adopted` (or `cancel`). Comes once. */
  | { readonly type: "payload"; readonly bytes: Uint8Array }
  /** Giver: the other side has acknowledged. Receiver: its acknowledgement is on the board. The run is over. */
  | { readonly type: "delivered" }
  /** The run is over. `handedOver`: the payload may be in the other device's hands (giver), or was taken here (receiver). */
  | { readonly type: "failed"; readonly code: PairingFailure; readonly message: string; readonly handedOver: boolean };

/** How a run can end. */
export type PairingFailure = Extract<
  ProtocolErrorCode,
  "pairing/expired" | "pairing/already-used" | "pairing/code-mismatch" | "pairing/cancelled" | "pairing/denied" | "pairing/aborted"
>;
