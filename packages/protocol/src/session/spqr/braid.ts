// The ML-KEM Braid: two sides that take turns being the one with the key and the one with the ciphertext, and agree on one secret an
// epoch while their pieces ride along in messages that may be lost, repeated or reordered. State in, new state and a secret out. Which
// message key comes of it is not its concern (epoch-chains.ts). spec/03 §9.

import { ascii, be8, concat } from "../../bytes.ts";
import { ProtocolError } from "../../errors.ts";
import type { Primitives } from "../../primitives/primitives.ts";
import { type Authenticator, MAC, ciphertextMac, headerMac, startAuthenticator, updateAuthenticator, verified } from "./authenticator.ts";
import { type Decoder, type Encoder, addChunk, nextChunk, startDecoder, startEncoder } from "./erasure-code.ts";
import {
  CT1,
  CT2,
  EK_VECTOR,
  HEADER,
  decapsulate,
  encapsulateToHeader,
  encapsulateToVector,
  generateIncrementalKeyPair,
} from "./incremental-kem.ts";
import type { Payload } from "./message.ts";

const EPOCH_SECRET = ascii("Signal_PQCKA_V1_MLKEM768:SCKA Key");

interface Common {
  readonly epoch: number;
  readonly auth: Authenticator;
}

// The side with the key.
type KeysUnsampled = Common & { readonly name: "KeysUnsampled" };
type KeysSampled = Common & {
  readonly name: "KeysSampled";
  readonly seed: Uint8Array;
  readonly ekVector: Uint8Array;
  readonly headerOut: Encoder;
};
type HeaderSent = Common & { readonly name: "HeaderSent"; readonly seed: Uint8Array; readonly ekOut: Encoder; readonly ct1In: Decoder };
type Ct1Received = Common & { readonly name: "Ct1Received"; readonly seed: Uint8Array; readonly ekOut: Encoder; readonly ct1: Uint8Array };
type EkSentCt1Received = Common & {
  readonly name: "EkSentCt1Received";
  readonly seed: Uint8Array;
  readonly ct1: Uint8Array;
  readonly ct2In: Decoder;
};
// The side with the ciphertext.
type NoHeaderReceived = Common & { readonly name: "NoHeaderReceived"; readonly headerIn: Decoder };
type HeaderReceived = Common & { readonly name: "HeaderReceived"; readonly header: Uint8Array };
interface Encapsulated extends Common {
  readonly header: Uint8Array;
  readonly message: Uint8Array;
  readonly ct1: Uint8Array;
}
type Ct1Sampled = Encapsulated & { readonly name: "Ct1Sampled"; readonly ct1Out: Encoder; readonly ekIn: Decoder };
type EkReceivedCt1Sampled = Encapsulated & {
  readonly name: "EkReceivedCt1Sampled";
  readonly ct1Out: Encoder;
  readonly ekVector: Uint8Array;
};
type Ct1Acknowledged = Encapsulated & { readonly name: "Ct1Acknowledged"; readonly ekIn: Decoder };
type Ct2Sampled = Common & { readonly name: "Ct2Sampled"; readonly ct2Out: Encoder };

export type Braid =
  | KeysUnsampled
  | KeysSampled
  | HeaderSent
  | Ct1Received
  | EkSentCt1Received
  | NoHeaderReceived
  | HeaderReceived
  | Ct1Sampled
  | EkReceivedCt1Sampled
  | Ct1Acknowledged
  | Ct2Sampled;

type StateName = Braid["name"];
type State<N extends StateName> = Extract<Braid, { name: N }>;

/** What a step gives besides the new state: an epoch's secret (32), once both sides can know it. */
export interface EpochSecret {
  readonly epoch: number;
  readonly secret: Uint8Array;
}
interface Received {
  readonly braid: Braid;
  readonly secret?: EpochSecret;
}
interface Sent extends Received {
  readonly payload: Payload;
}

/** The initiator starts with the key, the responder waits for its header. */
export function startBraid(p: Primitives, authKey: Uint8Array, role: "initiator" | "responder"): Braid {
  const common = { epoch: 1, auth: startAuthenticator(p, authKey) };
  return role === "initiator" ? { name: "KeysUnsampled", ...common } : waitForHeader(common);
}

const waitForHeader = ({ epoch, auth }: Common): NoHeaderReceived => ({
  name: "NoHeaderReceived",
  epoch,
  auth,
  headerIn: startDecoder(HEADER + MAC),
});

function epochSecret(p: Primitives, epoch: number, sharedSecret: Uint8Array): Uint8Array {
  return p.hkdf(undefined, sharedSecret, concat(EPOCH_SECRET, be8(epoch)), 32);
}

const NOTHING: Payload = { type: "none" };

// ── What each state sends ───────────────────────────────────────────────────────────────────────

const senders: { readonly [N in StateName]: (p: Primitives, state: State<N>) => Sent } = {
  KeysUnsampled(p, { epoch, auth }) {
    const { header, ekVector, seed } = generateIncrementalKeyPair(p);
    const headerOut = startEncoder(concat(header, headerMac(p, auth, epoch, header)));
    return senders.KeysSampled(p, { name: "KeysSampled", epoch, auth, seed, ekVector, headerOut });
  },
  KeysSampled(_p, state) {
    const { encoder: headerOut, chunk } = nextChunk(state.headerOut);
    return { braid: { ...state, headerOut }, payload: { type: "header", chunk } };
  },
  HeaderSent(_p, state) {
    const { encoder: ekOut, chunk } = nextChunk(state.ekOut);
    return { braid: { ...state, ekOut }, payload: { type: "ek", chunk } };
  },
  Ct1Received(_p, state) {
    const { encoder: ekOut, chunk } = nextChunk(state.ekOut);
    return { braid: { ...state, ekOut }, payload: { type: "ek-and-ack", chunk } };
  },
  EkSentCt1Received: (_p, braid) => ({ braid, payload: { type: "ack" } }),
  NoHeaderReceived: (_p, braid) => ({ braid, payload: NOTHING }),
  HeaderReceived(p, { epoch, auth, header }) {
    const message = p.randomBytes(32);
    const { ct1, sharedSecret } = encapsulateToHeader(p, header, message);
    const secret = epochSecret(p, epoch, sharedSecret);
    const encapsulated: Ct1Sampled = {
      name: "Ct1Sampled",
      epoch,
      auth: updateAuthenticator(p, auth, epoch, secret),
      header,
      message,
      ct1,
      ct1Out: startEncoder(ct1),
      ekIn: startDecoder(EK_VECTOR),
    };
    return { ...senders.Ct1Sampled(p, encapsulated), secret: { epoch, secret } };
  },
  Ct1Sampled(_p, state) {
    const { encoder: ct1Out, chunk } = nextChunk(state.ct1Out);
    return { braid: { ...state, ct1Out }, payload: { type: "ct1", chunk } };
  },
  EkReceivedCt1Sampled(_p, state) {
    const { encoder: ct1Out, chunk } = nextChunk(state.ct1Out);
    return { braid: { ...state, ct1Out }, payload: { type: "ct1", chunk } };
  },
  Ct1Acknowledged: (_p, braid) => ({ braid, payload: NOTHING }),
  Ct2Sampled(_p, state) {
    const { encoder: ct2Out, chunk } = nextChunk(state.ct2Out);
    return { braid: { ...state, ct2Out }, payload: { type: "ct2", chunk } };
  },
};

/** The next piece to send. The message that carries it names the epoch that the state had before. */
export function sendPiece(p: Primitives, braid: Braid): Sent {
  const send = senders[braid.name] as (p: Primitives, state: Braid) => Sent;
  return send(p, braid);
}

// ── What each state does with a piece of its own epoch ──────────────────────────────────────────

type Receiver<S> = (p: Primitives, state: S, payload: Payload) => Received;
const ignore: Receiver<Braid> = (_p, braid) => ({ braid });

const receivers: { readonly [N in StateName]: Receiver<State<N>> } = {
  KeysUnsampled: ignore,
  KeysSampled(p, state, payload) {
    if (payload.type !== "ct1") return { braid: state };
    const { epoch, auth, seed, ekVector } = state;
    return receivers.HeaderSent(
      p,
      { name: "HeaderSent", epoch, auth, seed, ekOut: startEncoder(ekVector), ct1In: startDecoder(CT1) },
      payload,
    );
  },
  HeaderSent(_p, state, { type, chunk }) {
    if (type !== "ct1" || chunk === undefined) return { braid: state };
    const { decoder: ct1In, message: ct1 } = addChunk(state.ct1In, chunk);
    if (ct1 === undefined) return { braid: { ...state, ct1In } };
    const { epoch, auth, seed, ekOut } = state;
    return { braid: { name: "Ct1Received", epoch, auth, seed, ekOut, ct1 } };
  },
  Ct1Received(p, state, payload) {
    if (payload.type !== "ct2") return { braid: state };
    const { epoch, auth, seed, ct1 } = state;
    return receivers.EkSentCt1Received(p, { name: "EkSentCt1Received", epoch, auth, seed, ct1, ct2In: startDecoder(CT2 + MAC) }, payload);
  },
  EkSentCt1Received(p, state, { type, chunk }) {
    if (type !== "ct2" || chunk === undefined) return { braid: state };
    const { decoder: ct2In, message: framed } = addChunk(state.ct2In, chunk);
    if (framed === undefined) return { braid: { ...state, ct2In } };
    const { epoch, ct1 } = state;
    const secret = epochSecret(p, epoch, decapsulate(p, state.seed, ct1, framed.subarray(0, CT2)));
    const auth = updateAuthenticator(p, state.auth, epoch, secret);
    if (verified(framed, (ct2) => ciphertextMac(p, auth, epoch, concat(ct1, ct2))) === undefined) throw forged();
    return { braid: waitForHeader({ epoch: epoch + 1, auth }), secret: { epoch, secret } };
  },
  NoHeaderReceived(p, state, { type, chunk }) {
    if (type !== "header" || chunk === undefined) return { braid: state };
    const { decoder: headerIn, message: framed } = addChunk(state.headerIn, chunk);
    if (framed === undefined) return { braid: { ...state, headerIn } };
    const { epoch, auth } = state;
    const header = verified(framed, (body) => headerMac(p, auth, epoch, body));
    if (header === undefined) throw forged();
    return { braid: { name: "HeaderReceived", epoch, auth, header } };
  },
  HeaderReceived: ignore,
  Ct1Sampled(p, state, { type, chunk }) {
    const acknowledged = type === "ek-and-ack" || type === "ack";
    const { ekIn, ekVector } = collectVector(state.ekIn, type, chunk);
    const { name: _, ct1Out, ekIn: __, ...encapsulated } = state;
    if (ekVector !== undefined) {
      return {
        braid: acknowledged ? finish(p, encapsulated, ekVector) : { ...encapsulated, name: "EkReceivedCt1Sampled", ct1Out, ekVector },
      };
    }
    return { braid: acknowledged ? { ...encapsulated, name: "Ct1Acknowledged", ekIn } : { ...state, ekIn } };
  },
  EkReceivedCt1Sampled(p, state, { type }) {
    return { braid: type === "ek-and-ack" || type === "ack" ? finish(p, state, state.ekVector) : state };
  },
  Ct1Acknowledged(p, state, { type, chunk }) {
    const { ekIn, ekVector } = collectVector(state.ekIn, type, chunk);
    return { braid: ekVector === undefined ? { ...state, ekIn } : finish(p, state, ekVector) };
  },
  Ct2Sampled: ignore,
};

function collectVector(ekIn: Decoder, type: Payload["type"], chunk: Payload["chunk"]): { ekIn: Decoder; ekVector?: Uint8Array } {
  if ((type !== "ek" && type !== "ek-and-ack") || chunk === undefined) return { ekIn };
  const { decoder: next, message } = addChunk(ekIn, chunk);
  return message === undefined ? { ekIn: next } : { ekIn: next, ekVector: message };
}

function finish(p: Primitives, { epoch, auth, header, message, ct1 }: Encapsulated, ekVector: Uint8Array): Ct2Sampled {
  const ct2 = encapsulateToVector(p, header, ekVector, message);
  if (ct2 === undefined) throw forged();
  return { name: "Ct2Sampled", epoch, auth, ct2Out: startEncoder(concat(ct2, ciphertextMac(p, auth, epoch, concat(ct1, ct2)))) };
}

const forged = (): ProtocolError =>
  new ProtocolError("session/invalid-message", "a piece of the post-quantum ratchet is not what its sender announced");

/** Takes in the piece of a message of `epoch`. An older epoch changes nothing; a newer one is an error, but for the turn of the roles. */
export function receivePiece(p: Primitives, braid: Braid, epoch: number, payload: Payload): Received {
  if (epoch < braid.epoch) return { braid };
  if (epoch === braid.epoch) {
    const receive = receivers[braid.name] as Receiver<Braid>;
    return receive(p, braid, payload);
  }
  if (braid.name === "Ct2Sampled" && epoch === braid.epoch + 1) return { braid: { name: "KeysUnsampled", epoch, auth: braid.auth } };
  throw new ProtocolError("session/invalid-message", "a message of an epoch that has not begun");
}
