// The sparse post-quantum ratchet: a braid that agrees on secrets, and chains that turn them into one key a message. It gives bytes to
// send along and a 32-byte key to mix in; what the key is mixed into is not its concern. spec/03 §9.

import type { Primitives } from "../../primitives/primitives.ts";
import { type Braid, type EpochSecret, receivePiece, sendPiece, startBraid } from "./braid.ts";
import { type EpochChains, addEpoch, nextSendingKey, receivingKey, startEpochChains } from "./epoch-chains.ts";
import { decodeSpqrMessage, encodeSpqrMessage } from "./message.ts";

/** An immutable value. */
export interface Spqr {
  readonly braid: Braid;
  readonly chains: EpochChains;
}

/** From the 32-byte key that PQXDH gave both sides. */
export function startSpqr(p: Primitives, authKey: Uint8Array, role: "initiator" | "responder"): Spqr {
  return { braid: startBraid(p, authKey, role), chains: startEpochChains(p, authKey, role === "initiator" ? "A2B" : "B2A") };
}

const withSecret = (p: Primitives, chains: EpochChains, secret: EpochSecret | undefined): EpochChains =>
  secret === undefined ? chains : addEpoch(p, chains, secret.epoch, secret.secret);

/** The bytes for the next message and its key (32). */
export function spqrSend(p: Primitives, { braid, chains }: Spqr): { spqr: Spqr; message: Uint8Array; key: Uint8Array } {
  const sent = sendPiece(p, braid);
  const taken = nextSendingKey(p, withSecret(p, chains, sent.secret), braid.epoch - 1);
  const message = encodeSpqrMessage({ epoch: braid.epoch, index: taken.index, payload: sent.payload });
  return { spqr: { braid: sent.braid, chains: taken.chains }, message, key: taken.key };
}

/** Takes a message's bytes in and gives its key (32). */
export function spqrReceive(p: Primitives, { braid, chains }: Spqr, bytes: Uint8Array): { spqr: Spqr; key: Uint8Array } {
  const message = decodeSpqrMessage(bytes);
  const received = receivePiece(p, braid, message.epoch, message.payload);
  const taken = receivingKey(p, withSecret(p, chains, received.secret), message.epoch - 1, message.index);
  return { spqr: { braid: received.braid, chains: taken.chains }, key: taken.key };
}
