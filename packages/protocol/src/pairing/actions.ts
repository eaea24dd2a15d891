// What happens at each step of a pairing (spec §6): one function for each action of table.ts. Takes the run, the message or word that the
// step waited for; gives what changed and what to do, or how the run ends. Which action comes when is not a concern here.

import { equalBytes, ascii } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_PAIRING_PAYLOAD } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { sealCell } from "../stream/cell.ts";
import type { CellName } from "./cells.ts";
import type { OpeningRule } from "./commitment.ts";
import type { PairingCode, PairingDevice, PairingEffect, PairingFailure, PairingPeer, PairingRole } from "./events.ts";
import { encodeInfo, type PairingInfo } from "./info.ts";
import { agreeOnKeys, openMessage, pairingCodes, type PairingKeys, sealMessage } from "./keys.ts";
import * as messages from "./messages.ts";
import type { PairingRun, PairingState } from "./state.ts";
import type { Action } from "./table.ts";

/** What an action works with. */
export interface Scene {
  readonly p: Primitives;
  readonly rule: OpeningRule;
  readonly state: PairingState;
  /** The payload of the cell that the row waited for, what was typed in ASCII, or what is to be handed over. */
  readonly input: Uint8Array;
}

/** What an action gives: changes of the run and effects, or the end. */
export type Outcome = { readonly run?: Partial<PairingRun>; readonly effects: readonly PairingEffect[] } | { readonly end: PairingFailure };

const NOTHING = new Uint8Array(0);

/** One function for each action. `decode/invalid` and `agreement/invalid-key` mean that the other side's message is refused. */
export const actions: Readonly<Record<Action, (scene: Scene) => Outcome>> = {
  // D reads M1 and answers with its ML-KEM key and nonce, which it made with the code.
  answer(scene) {
    messages.decodeClaim(scene.input);
    return { effects: [append(scene, "M2", scene.state.run.opener.expose())] };
  },

  // D reads M3.
  acceptAsGiver(scene) {
    const { keys, peer } = acceptOpening(scene, "receive");
    return {
      run: { keys, recognized: true },
      effects: [
        { type: "peer", info: peer },
        { type: "ask-code", code: "compare" },
      ],
    };
  },

  acceptAsReceiver(scene) {
    const { keys, peer } = acceptOpening(scene, "give");
    const introduction = introduce(scene, keys.transcript);
    return {
      run: { keys, recognized: true },
      effects: [{ type: "peer", info: peer }, append(scene, "M3'", sealed(scene, keys, "M3'", introduction)), showCode(keys, "compare")],
    };
  },

  proceed: () => ({ effects: [] }),

  // C reads M2 and opens its commitment.
  openAsGiver(scene) {
    const { keys, effect } = openCommitment(scene);
    return { run: { keys }, effects: [effect] };
  },

  openAsReceiver(scene) {
    const { keys, effect } = openCommitment(scene);
    return { run: { keys }, effects: [effect, showCode(keys, "compare")] };
  },

  // C, the giver, reads M3'.
  recognize(scene) {
    const keys = keysOf(scene);
    const { info } = messages.decodeIntroduction(scene.p, opened(scene, keys, "M3'", scene.input), keys.transcript);
    return {
      run: { recognized: true },
      effects: [
        { type: "peer", info: peerOf(info, "receive") },
        { type: "ask-code", code: "compare" },
      ],
    };
  },

  compareCode(scene) {
    const keys = keysOf(scene);
    if (!equalBytes(scene.input, keys.codes.compare.expose())) return { end: "pairing/code-mismatch" };
    return { effects: [showCode(keys, "reply"), { type: "ask-approval" }] };
  },

  handOver(scene) {
    const size = scene.input.length;
    if (size === 0) throw new ProtocolError("argument/invalid", "there is nothing to hand over");
    if (size > MAX_PAIRING_PAYLOAD) {
      throw new ProtocolError("message/too-large", `a pairing hands over at most ${MAX_PAIRING_PAYLOAD} bytes`, {
        limit: MAX_PAIRING_PAYLOAD,
        size,
      });
    }
    return { effects: [append(scene, "M4", sealed(scene, keysOf(scene), "M4", scene.input))] };
  },

  askReply: () => ({ effects: [{ type: "ask-code", code: "reply" }] }),

  takePayload: (scene) => takePayload(scene, scene.input),

  // Only now is M4 opened: until the second code was right, it may be anybody's.
  compareReply(scene) {
    if (!equalBytes(scene.input, keysOf(scene).codes.reply.expose())) return { end: "pairing/code-mismatch" };
    return takePayload(scene, scene.state.run.cells.get("M4") ?? NOTHING);
  },

  acknowledge: (scene) => ({ effects: [append(scene, "M5", sealed(scene, keysOf(scene), "M5", NOTHING))] }),

  conclude(scene) {
    if (opened(scene, keysOf(scene), "M5", scene.input).length !== 0) throw refused("the acknowledgement says something");
    return { effects: [{ type: "delivered" }] };
  },

  finish: () => ({ effects: [{ type: "delivered" }] }),
};

/** The effect that writes a message into its cell. */
export function append({ p, state }: Pick<Scene, "p" | "state">, name: CellName, payload: Uint8Array): PairingEffect {
  const address = state.run.addresses[name];
  return { type: "append", tag: address.tag, body: sealCell(p, address, "pairing", payload) };
}

/** Our introduction, with the proof that we hold the device key, if we show one. */
function introduce({ p, state }: Scene, transcript: Uint8Array): Uint8Array {
  return messages.encodeIntroduction(p, ownInfo(state), state.run.device, transcript);
}

/** Our info as bytes. */
export function ownInfo({
  role,
  run,
}: {
  role: PairingRole;
  run: Pick<PairingRun, "deviceName"> & { device?: PairingDevice | undefined };
}): Uint8Array {
  const { deviceName, device } = run;
  if (device === undefined) return encodeInfo({ role, deviceName });
  return encodeInfo({ role, deviceName, device: { key: device.keys.publicKey, registrationId: device.registrationId } });
}

/** C, after M2: encapsulates to the key that the QR code promised, and shows what it had committed to. */
function openCommitment(scene: Scene): { keys: PairingKeys; effect: PairingEffect } {
  const { p, state, input } = scene;
  const { run } = state;
  const answer = messages.decodeAnswer(input);
  if (!equalBytes(kemHash(p, answer.kemKey), run.qr.kemHash)) throw refused("the answer is not from the device that shows the code");
  const encapsulation = p.mlKem768.encapsulate(answer.kemKey, run.kemSeed.expose());
  if (encapsulation === undefined) throw refused("the key in the answer is malformed");
  const { ciphertext, sharedSecret } = encapsulation;
  const exchanged = p.x25519(run.exchangeKey.expose(), run.qr.exchangeKey);
  const agreed = agree(scene, { m1: run.opener.expose(), m2: input, ciphertext, exchanged, encapsulated: sharedSecret });
  const keys = { ...agreed, codes: pairingCodes(p, agreed, run.nonce.expose(), answer.nonce) };
  const introduction = introduce(scene, keys.transcript);
  const opening = messages.encodeOpening({ nonce: run.nonce.expose(), message: run.kemSeed.expose(), introduction });
  return { keys, effect: append(scene, "M3", messages.joinOpening(ciphertext, sealed(scene, keys, "M3", opening))) };
}

/** D, after M3: agrees on the keys, opens what C had committed to and holds it to that. */
function acceptOpening(scene: Scene, role: PairingRole): { keys: PairingKeys; peer: PairingPeer } {
  const { p, state, rule, input } = scene;
  const { run } = state;
  const m1 = run.cells.get("M1") ?? NOTHING;
  const claim = messages.decodeClaim(m1);
  const { ciphertext, sealed: box } = messages.splitOpening(input);
  const publicKey = p.mlKem768.publicKey(run.kemSeed.expose());
  const encapsulated = p.mlKem768.decapsulate(run.kemSeed.expose(), ciphertext);
  const exchanged = p.x25519(run.exchangeKey.expose(), claim.exchangeKey);
  const agreed = agree(scene, { m1, m2: run.opener.expose(), ciphertext, exchanged, encapsulated });
  const { nonce, message, introduction } = messages.decodeOpening(opened(scene, agreed, "M3", box));
  const { info, infoBytes } = messages.decodeIntroduction(p, introduction, agreed.transcript);
  if (!rule(p, { commitment: claim.commitment, nonce, message, info: infoBytes, kemKey: publicKey, ciphertext })) {
    throw refused("the opening is not what was committed to");
  }
  message.fill(0);
  return { keys: { ...agreed, codes: pairingCodes(p, agreed, nonce, run.nonce.expose()) }, peer: peerOf(info, role) };
}

interface Agreement {
  m1: Uint8Array;
  m2: Uint8Array;
  ciphertext: Uint8Array;
  exchanged: Uint8Array;
  encapsulated: Uint8Array;
}

function agree({ p, state }: Scene, agreement: Agreement): Omit<PairingKeys, "codes"> {
  const { qr } = state.run;
  return agreeOnKeys(p, { ...agreement, qr: qr.bytes.expose(), psk: qr.psk });
}

function takePayload(scene: Scene, box: Uint8Array): Outcome {
  const bytes = opened(scene, keysOf(scene), "M4", box);
  return { run: { recognized: true }, effects: [{ type: "payload", bytes }] };
}

/** Two givers or two receivers have nothing to tell each other. */
function peerOf({ role, ...peer }: PairingInfo, expected: PairingRole): PairingPeer {
  if (role !== expected) throw refused(`the other device does not ${expected}`);
  return peer;
}

function keysOf({ state }: Scene): PairingKeys {
  if (state.run.keys === undefined) throw new Error("a phase after the agreement has keys");
  return state.run.keys;
}

function sealed({ p, state }: Scene, keys: Pick<PairingKeys, "prk">, name: CellName, plaintext: Uint8Array): Uint8Array {
  return sealMessage(p, keys, name, state.run.addresses[name], plaintext);
}

function opened({ p, state }: Scene, keys: Pick<PairingKeys, "prk">, name: CellName, box: Uint8Array): Uint8Array {
  const plaintext = openMessage(p, keys, name, state.run.addresses[name], box);
  if (plaintext === undefined) throw refused("a message is not from the other device of this run");
  return plaintext;
}

function showCode(keys: PairingKeys, code: PairingCode): PairingEffect {
  return { type: "show-code", code, digits: String.fromCharCode(...keys.codes[code].expose()) };
}

/** The hash of an ML-KEM key as the QR code has it: the first 16 bytes of SHA-256. */
export function kemHash(p: Primitives, kemKey: Uint8Array): Uint8Array {
  return p.sha256(kemKey).slice(0, 16);
}

function refused(why: string): ProtocolError {
  return new ProtocolError("decode/invalid", why);
}

/** Digits that a person typed, as ASCII. `pairing/code-malformed` unless six, apart from spaces and hyphens: no try is lost. */
export function typedDigits(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s-]/g, "");
  if (!/^[0-9]{6}$/.test(digits)) throw new ProtocolError("pairing/code-malformed", "type the six digits that the other screen shows");
  return ascii(digits);
}
