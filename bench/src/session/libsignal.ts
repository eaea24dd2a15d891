// libsignal in the race (AGPL-3.0: measured here, never shipped).

import {
  type CiphertextMessage,
  CiphertextMessageType,
  KEMKeyPair,
  KyberPreKeyRecord,
  PreKeyBundle,
  PreKeyRecord,
  PreKeySignalMessage,
  PrivateKey,
  ProtocolAddress,
  SignalMessage,
  SignedPreKeyRecord,
  processPreKeyBundle,
  signalDecrypt,
  signalDecryptPreKey,
  signalEncrypt,
} from "@signalapp/libsignal-client";
import { Identity, KyberPrekeys, OneTimePrekeys, Sessions, SignedPrekeys } from "../../../oracle/src/libsignal-stores.ts";
import { MESSAGE, type Pair, type Peer } from "./peer.ts";

export const libsignalPeer: Peer = {
  name: "libsignal 0.103.0",
  meet: (message) => meet(false, message),
  meetStored: () => meet(true),
};

/** A pair whose messages can lie around between sending and opening. */
export interface LibsignalPair extends Pair {
  encrypt(from: 0 | 1): Promise<CiphertextMessage>;
  /** Opens what `from` has sent; its bytes on the wire. */
  decrypt(from: 0 | 1, message: CiphertextMessage): Promise<number>;
}

/** Two fresh devices with a session. `stored`: their states are written out and read back at every message. */
export async function meet(stored: boolean, plaintext = MESSAGE): Promise<LibsignalPair> {
  const addresses = [
    ProtocolAddress.new("9d0652a3-dcc3-4d11-975f-74d61598733f", 1),
    ProtocolAddress.new("796abedb-ca4e-4f18-8803-1fde5b921f9f", 2),
  ] as const;
  const identities = [new Identity(PrivateKey.generate(), 1), new Identity(PrivateKey.generate(), 1)] as const;
  const sessions = [new Sessions({ asObject: !stored }), new Sessions({ asObject: !stored })] as const;

  const { key } = identities[1];
  const [signedKey, oneTimeKey, kyberKey] = [PrivateKey.generate(), PrivateKey.generate(), KEMKeyPair.generate()];
  const signature = key.sign(signedKey.getPublicKey().serialize());
  const kyberSignature = key.sign(kyberKey.getPublicKey().serialize());
  const [prekeys, signedPrekeys, kyberPrekeys] = [new OneTimePrekeys(), new SignedPrekeys(), new KyberPrekeys()];
  await prekeys.savePreKey(1, PreKeyRecord.new(1, oneTimeKey.getPublicKey(), oneTimeKey));
  await signedPrekeys.saveSignedPreKey(1, SignedPreKeyRecord.new(1, 1, signedKey.getPublicKey(), signedKey, signature));
  await kyberPrekeys.saveKyberPreKey(1, KyberPreKeyRecord.new(1, 1, kyberKey, kyberSignature));
  const bundle = PreKeyBundle.new(
    1,
    2,
    1,
    oneTimeKey.getPublicKey(),
    1,
    signedKey.getPublicKey(),
    signature,
    key.getPublicKey(),
    1,
    kyberKey.getPublicKey(),
    kyberSignature,
  );
  await processPreKeyBundle(bundle, addresses[1], addresses[0], sessions[0], identities[0]);

  async function encrypt(from: 0 | 1): Promise<CiphertextMessage> {
    const to = from === 0 ? 1 : 0;
    return await signalEncrypt(plaintext, addresses[to], addresses[from], sessions[from], identities[from]);
  }

  async function decrypt(from: 0 | 1, message: CiphertextMessage): Promise<number> {
    const to = from === 0 ? 1 : 0;
    const bytes = message.serialize();
    if (message.type() === CiphertextMessageType.PreKey) {
      const parsed = PreKeySignalMessage.deserialize(bytes);
      await signalDecryptPreKey(parsed, addresses[from], addresses[to], sessions[to], identities[to], prekeys, signedPrekeys, kyberPrekeys);
    } else {
      await signalDecrypt(SignalMessage.deserialize(bytes), addresses[from], addresses[to], sessions[to], identities[to]);
    }
    return bytes.length;
  }

  const send = async (from: 0 | 1): Promise<number> => await decrypt(from, await encrypt(from));
  return { first: await send(0), send, encrypt, decrypt };
}
