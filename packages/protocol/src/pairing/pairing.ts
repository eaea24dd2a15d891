// QR login (spec §6): one device displays a code, another reads it; the one that has an account, or any secret, hands it to the one that
// is new. The door of this folder: begins a run on either side and steps it. No network, camera, clock or waiting: cells, digits and time
// go in, cells to write and things to show come out. What is handed over is not a concern here.

import { ProtocolError } from "../errors.ts";
import { PAIRING_CLOCK_TOLERANCE_MS, QR_LIFETIME_MS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { append, kemHash, ownInfo } from "./actions.ts";
import { cellsToRead, pairingAddresses, pairingLocator } from "./cells.ts";
import { commit, verifyOpening } from "./commitment.ts";
import type { PairingDevice, PairingEffect, PairingEvent, PairingRole, PairingSide } from "./events.ts";
import { type PairingStep, advance } from "./machine.ts";
import { encodeAnswer, encodeClaim } from "./messages.ts";
import { type PairingQr, makeQr, qrText, readQr } from "./qr.ts";
import type { PairingPhase, PairingRun, PairingState } from "./state.ts";
import { lasts } from "./table.ts";

/** What both sides begin with. */
export interface PairingOptions {
  readonly role: PairingRole;
  /** ms */
  readonly now: number;
  /** Shown on the other screen: 1 to 64 characters. */
  readonly deviceName: string;
  /** The keys of a new device of an account; without them only a secret moves. `receive` only. */
  readonly device?: PairingDevice;
}

/** The side that displays the code. */
export interface DisplayOptions extends PairingOptions {
  /** Address of the relay that carries the cells: `http(s)://host[:port][/path]`, at most 255 bytes. */
  readonly relay: string;
}

/** The side that reads the code. */
export interface ScanOptions extends PairingOptions {
  /** What the camera saw, or what was pasted. */
  readonly qrText: string;
  /** Whether it came as text: then nothing shows that it is from the right screen, and a receiver asks for the second code too. */
  readonly typed: boolean;
}

/** A code to display, and until when (ms). */
export interface DisplayedQr {
  readonly text: string;
  readonly expires: number;
}

/** Begins a run with a code to display. `argument/invalid`. */
export function startPairingDisplay(p: Primitives, options: DisplayOptions): PairingStep & { readonly qr: DisplayedQr } {
  const { role, relay, now } = options;
  const secrets = {
    exchangeKey: new Secret(p.randomBytes(32)),
    kemSeed: new Secret(p.randomBytes(64)),
    nonce: new Secret(p.randomBytes(32)),
  };
  const kemKey = p.mlKem768.publicKey(secrets.kemSeed.expose());
  const qr = makeQr({
    role,
    psk: new Secret(p.randomBytes(32)),
    exchangeKey: p.x25519PublicKey(secrets.exchangeKey.expose()),
    kemHash: kemHash(p, kemKey),
    expires: Math.floor((now + QR_LIFETIME_MS) / 1000) * 1000,
    relay,
  });
  const opener = new Secret(encodeAnswer({ kemKey, nonce: secrets.nonce.expose() }));
  const state = begin(p, "display", "waiting", options, qr, { ...secrets, opener }, qr.expires);
  ownInfo(state); // Refuses a name or device that the other side would refuse, while nobody waits.
  return { state, effects: [watch(state)], qr: { text: qrText(qr), expires: qr.expires } };
}

/**
 * Begins a run with a code that was read: watches, and appends the first message. `pairing/qr-invalid`, `pairing/same-role` when both
 * devices give or both receive, `pairing/expired` when the code is more than 10 minutes past (the displaying side's clock decides about
 * less), `argument/invalid`.
 */
export function startPairingScan(p: Primitives, options: ScanOptions): PairingStep {
  const { role, now } = options;
  const qr = readQr(options.qrText);
  if (qr.role === role) throw sameRole(role);
  if (now > qr.expires + PAIRING_CLOCK_TOLERANCE_MS) {
    throw new ProtocolError("pairing/expired", "this code is no longer valid: show a new one on the other device");
  }
  const secrets = {
    exchangeKey: new Secret(p.randomBytes(32)),
    kemSeed: new Secret(p.randomBytes(32)),
    nonce: new Secret(p.randomBytes(32)),
  };
  const commitment = commit(p, secrets.nonce.expose(), secrets.kemSeed.expose(), ownInfo({ role, run: options }));
  const opener = new Secret(encodeClaim({ exchangeKey: p.x25519PublicKey(secrets.exchangeKey.expose()), commitment }));
  const state = begin(p, "scan", "claiming", options, qr, { ...secrets, opener }, now + lasts.claiming, options.typed);
  return { state, effects: [watch(state), append({ p, state }, "M1", opener.expose())] };
}

/**
 * One step: what happened goes in, the new state and what to do come out. `now` in ms. A word out of turn (`argument/invalid`) or out of
 * bounds (`pairing/code-malformed`, `message/too-large`) throws and changes nothing; after the end every event is ignored.
 */
export function stepPairing(p: Primitives, state: PairingState, event: PairingEvent, now: number): PairingStep {
  return advance(p, { opening: verifyOpening }, state, event, now);
}

function begin(
  p: Primitives,
  side: PairingSide,
  phase: PairingPhase,
  { role, deviceName, device }: PairingOptions,
  qr: PairingQr,
  secrets: Pick<PairingRun, "exchangeKey" | "kemSeed" | "nonce" | "opener">,
  expires: number,
  typed = false,
): PairingState {
  const run: PairingRun = {
    ...secrets,
    qr,
    deviceName,
    device,
    addresses: pairingAddresses(p, qr.psk),
    keys: undefined,
    cells: new Map(),
    recognized: false,
  };
  const asksReply = role === "receive" && (side === "display" || typed);
  return { side, role, phase, relay: qr.relay, locator: pairingLocator(p, qr.psk), expires, asksReply, run };
}

function watch(state: PairingState): PairingEffect {
  return { type: "watch", tags: cellsToRead(state.side, state.role).map((name) => state.run.addresses[name].tag) };
}

function sameRole(role: PairingRole): ProtocolError {
  const message =
    role === "give"
      ? "both devices want to hand something over: on the new device choose to receive"
      : "both devices want to receive: on the device that has the account choose to add a device";
  return new ProtocolError("pairing/same-role", message);
}
