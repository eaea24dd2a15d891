// A pairing as a value (spec §6): which role on which side, how far it is, until when. `step` takes one and gives the next one; it never
// changes the one it took, except that the end of a run wipes the secrets that both share. Only the newest value may be used again.

import type { CellAddress } from "../stream/cell.ts";
import type { PairingDevice, PairingRole, PairingSide } from "./events.ts";
import type { CellName } from "./cells.ts";
import type { PairingKeys } from "./keys.ts";
import type { PairingQr } from "./qr.ts";
import type { Secret } from "../secret.ts";

/** How far a run is; which of them follow each other is table.ts. */
export type PairingPhase =
  /** display: the code is on the screen, nobody has read it. */
  | "waiting"
  /** display: somebody took it up; their opening is expected. */
  | "answered"
  /** scan: the first message is on its way to the board. */
  | "claiming"
  /** scan: the first message is on the board; the answer is expected. */
  | "claimed"
  /** scan, give: keys are agreed; the new device's introduction is expected. */
  | "recognizing"
  /** give: the code that the new device shows is expected from the person. */
  | "comparing"
  /** give: the code was right; the decision is expected from the person. */
  | "approving"
  /** give: the payload is on the board; the acknowledgement is expected. */
  | "sent"
  /** receive: the code is shown here; the payload is expected. */
  | "showing"
  /** receive: the payload came; the second code is expected from the person before it is opened. */
  | "replying"
  /** receive: the payload was given to the driver, which stores it. */
  | "adopting"
  /** receive: the acknowledgement is on its way to the board. */
  | "acknowledging"
  | "done"
  | "failed";

/** One side of one run. */
export interface PairingState {
  readonly side: PairingSide;
  readonly role: PairingRole;
  readonly phase: PairingPhase;
  /** The relay's URL, as the QR code names it. */
  readonly relay: string;
  /** 8 bytes: the shard is its first bits (spec §6, P-5). */
  readonly locator: Uint8Array;
  /** When the present phase ends by itself, ms. While the code is displayed: when the code does. */
  readonly expires: number;
  /** Receiver: whether it asks for the second code. */
  readonly asksReply: boolean;
  /** What only the machine needs. */
  readonly run: PairingRun;
}

/** The inside of a run: secrets, and cells that came before their turn. */
export interface PairingRun {
  readonly qr: PairingQr;
  readonly deviceName: string;
  readonly device: PairingDevice | undefined;
  /** Our X25519 private key, 32 bytes. */
  readonly exchangeKey: Secret;
  /** display: the seed of the ML-KEM-768 pair, 64 bytes; scan: the message m, 32 bytes. */
  readonly kemSeed: Secret;
  /** Our nonce, 32 bytes: nD or nC. */
  readonly nonce: Secret;
  readonly addresses: Readonly<Record<CellName, CellAddress>>;
  /** The message that this side begins with, M1 or M2; a secret because M2 holds the nonce. */
  readonly opener: Secret;
  readonly keys: PairingKeys | undefined;
  /** The first payload found in each cell of the other side, whether or not its turn has come. */
  readonly cells: ReadonlyMap<CellName, Uint8Array>;
  /** Whether the other side has proved that it holds the same keys: from then on only those can stop the run. */
  readonly recognized: boolean;
}
