// The static session: a whole conversation on the one agreed key (spec §1, §4). Both devices derive the same two streams from it, so a
// session exists as soon as each knows the other's key. Takes our key pair and their key, or its stored form; gives a `Session`. No forward
// secrecy and no break-in recovery: the ratchet adds them behind the same interface.

import { agree } from "../agreement/agreement.ts";
import { BOX_OVERHEAD, openBox, openBoxWithKey, sealBox, sealBoxWithKey } from "../agreement/box.ts";
import { type KeyPair, PUBLIC_KEY_LENGTH, type PublicKey } from "../agreement/key-pair.ts";
import { Reader, ascii, be4, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_PAYLOAD } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { openCell, sealCell } from "../stream/cell.ts";
import {
  type ReceivingChain,
  type SendingChain,
  consume,
  encodeReceivingChain,
  encodeSendingChain,
  findWatched,
  gapCount,
  readReceivingChain,
  readSendingChain,
  startReceivingChain,
  startSendingChain,
  takeAddress,
  widen,
} from "../stream/chain.ts";
import type { Decrypted, Encrypted, Session } from "./session.ts";

const FORMAT = 1;
const KEY_LENGTH = 32;
const STREAM = ascii("Sotto Static v1");
const STREAM_CONTEXT = ascii("Sotto Static Session v1");
const MESSAGE_CONTEXT = ascii("Sotto Static Message v1");
const HELLO_CONTEXT = ascii("Sotto Static Hello v1");
const NOTHING = new Uint8Array();

/** Bytes of the largest message of a static session: 4,021. */
export const MAX_STATIC_PLAINTEXT = MAX_PAYLOAD - BOX_OVERHEAD;

/** The session of two devices from its beginning. Both sides get streams that fit. `agreement/invalid-key` when both keys are the same. */
export function startStaticSession(p: Primitives, ours: KeyPair, theirs: PublicKey): Session {
  const key = agree(p, ours, theirs, STREAM_CONTEXT);
  const root = (sender: PublicKey): Secret => new Secret(p.hkdf(undefined, key.expose(), concat(STREAM, sender), 32));
  const session = new StaticSession({
    ours: ours.publicKey,
    theirs,
    messageKey: agree(p, ours, theirs, MESSAGE_CONTEXT),
    sending: startSendingChain(root(ours.publicKey)),
    receiving: startReceivingChain(p, root(theirs)),
  });
  key.wipe();
  return session;
}

/** A session from what `encode()` gave. `decode/invalid` when it is damaged or belongs to another device key than `ours`. */
export function decodeSession(p: Primitives, bytes: Uint8Array, ours: Pick<KeyPair, "publicKey">): Session {
  const reader = new Reader(bytes, "a session");
  if (reader.byte() !== FORMAT)
    throw new ProtocolError("decode/invalid", "a session is stored in a format that this version does not know");
  if (!equalBytes(reader.take(PUBLIC_KEY_LENGTH), ours.publicKey)) {
    throw new ProtocolError("decode/invalid", "a session belongs to another device of ours");
  }
  // It was checked when the session began, costs as much as all the rest to check again, and is agreed with no more: the key is stored.
  const theirs = reader.take(PUBLIC_KEY_LENGTH) as PublicKey;
  const messageKey = new Secret(reader.take(KEY_LENGTH));
  const sending = readSendingChain(reader);
  const receiving = readReceivingChain(p, reader);
  reader.end();
  return new StaticSession({ ours: ours.publicKey, theirs, messageKey, sending, receiving });
}

/** The first message of a first contact, before the other side knows this session: a box from device to device (spec §5). */
export function sealStaticHello(p: Primitives, ours: KeyPair, theirs: PublicKey, plaintext: Uint8Array): Uint8Array {
  return sealBox(p, ours, theirs, HELLO_CONTEXT, plaintext, NOTHING);
}

/** Opens a first message of the device with key `theirs`. `agreement/box-invalid` when it is not from that device, to us, and whole. */
export function openStaticHello(p: Primitives, ours: KeyPair, theirs: PublicKey, hello: Uint8Array): Uint8Array {
  return openBox(p, ours, theirs, HELLO_CONTEXT, hello, NOTHING);
}

interface State {
  readonly ours: PublicKey;
  readonly theirs: PublicKey;
  /** The agreed key of all messages, kept because an agreement costs more than the rest of a message. */
  readonly messageKey: Secret;
  readonly sending: SendingChain;
  readonly receiving: ReceivingChain;
}

class StaticSession implements Session {
  readonly maxPlaintext = MAX_STATIC_PLAINTEXT;
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  get ours(): PublicKey {
    return this.#state.ours;
  }

  get theirs(): PublicKey {
    return this.#state.theirs;
  }

  encrypt(p: Primitives, plaintext: Uint8Array): Encrypted {
    const { ours, theirs, messageKey } = this.#state;
    if (plaintext.length > MAX_STATIC_PLAINTEXT) {
      const details = { limit: MAX_STATIC_PLAINTEXT, size: plaintext.length };
      throw new ProtocolError("message/too-large", `a message holds ${MAX_STATIC_PLAINTEXT} bytes: send it in parts`, details);
    }
    const { chain: sending, index, address } = takeAddress(p, this.#state.sending);
    const box = sealBoxWithKey(p, messageKey, { sender: ours, recipient: theirs }, plaintext, be4(index));
    const cell = { tag: address.tag, body: sealCell(p, address, "static", box) };
    return { session: new StaticSession({ ...this.#state, sending }), index, cell };
  }

  watched(_p: Primitives): readonly { readonly tag: Uint8Array; readonly index: number }[] {
    return this.#state.receiving.watched;
  }

  decrypt(p: Primitives, tag: Uint8Array, body: Uint8Array): Decrypted {
    const address = findWatched(this.#state.receiving, tag);
    if (address === undefined) throw new ProtocolError("cell/unknown-tag", "this session does not wait for a cell under this tag");
    const plaintext = this.#open(p, openCell(p, address, body), address.index);
    const { chain: receiving, change } = consume(p, this.#state.receiving, address);
    return {
      session: new StaticSession({ ...this.#state, receiving }),
      plaintext,
      index: address.index,
      watch: { add: change.add.map(({ tag: added }) => added), drop: change.drop.map(({ tag: dropped }) => dropped) },
      missing: gapCount(receiving),
    };
  }

  widen(p: Primitives, window: number): { session: Session; add: readonly Uint8Array[] } {
    const { chain: receiving, add } = widen(p, this.#state.receiving, window);
    return { session: new StaticSession({ ...this.#state, receiving }), add: add.map(({ tag }) => tag) };
  }

  encode(): Uint8Array {
    const { ours, theirs, messageKey, sending, receiving } = this.#state;
    const keys = concat(Uint8Array.of(FORMAT), ours, theirs, messageKey.expose());
    return concat(keys, encodeSendingChain(sending), encodeReceivingChain(receiving));
  }

  #open(p: Primitives, cell: { kind: string; payload: Uint8Array }, index: number): Uint8Array {
    const { ours, theirs, messageKey } = this.#state;
    if (cell.kind !== "static") throw new ProtocolError("cell/invalid", "the cell does not hold a message of a static session");
    try {
      return openBoxWithKey(p, messageKey, { sender: theirs, recipient: ours }, cell.payload, be4(index));
    } catch {
      // Only somebody with the stream's root but not the session's key can make such a cell: to the receiver it is absent all the same.
      throw new ProtocolError("cell/invalid", "the message in the cell is not from this peer, or not for this index");
    }
  }
}
