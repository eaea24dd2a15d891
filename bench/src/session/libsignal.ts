// libsignal in the race (AGPL-3.0: measured here, never shipped).

import {
  type CiphertextMessage,
  CiphertextMessageType,
  IdentityChange,
  IdentityKeyStore,
  KEMKeyPair,
  KyberPreKeyRecord,
  KyberPreKeyStore,
  PreKeyBundle,
  PreKeyRecord,
  PreKeySignalMessage,
  PreKeyStore,
  PrivateKey,
  ProtocolAddress,
  SessionRecord,
  SessionStore,
  SignalMessage,
  SignedPreKeyRecord,
  SignedPreKeyStore,
  processPreKeyBundle,
  signalDecrypt,
  signalDecryptPreKey,
  signalEncrypt,
} from "@signalapp/libsignal-client";
import { MESSAGE, type Pair, type Peer } from "./peer.ts";

class Sessions extends SessionStore {
  readonly #stored: boolean;
  #record: SessionRecord | null = null;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  constructor(stored: boolean) {
    super();
    this.#stored = stored;
  }
  async saveSession(_name: ProtocolAddress, record: SessionRecord): Promise<void> {
    if (this.#stored) this.#bytes = record.serialize();
    else this.#record = record;
  }
  async getSession(): Promise<SessionRecord | null> {
    return this.#bytes === undefined ? this.#record : SessionRecord.deserialize(this.#bytes);
  }
  async getExistingSessions(): Promise<SessionRecord[]> {
    return [];
  }
}

class Identity extends IdentityKeyStore {
  readonly #key = PrivateKey.generate();
  async getIdentityKey(): Promise<PrivateKey> {
    return this.#key;
  }
  async getLocalRegistrationId(): Promise<number> {
    return 1;
  }
  async saveIdentity(): Promise<IdentityChange> {
    return IdentityChange.NewOrUnchanged;
  }
  async isTrustedIdentity(): Promise<boolean> {
    return true;
  }
  async getIdentity(): Promise<null> {
    return null;
  }
}

class OneTime extends PreKeyStore {
  readonly #record: PreKeyRecord;
  constructor(record: PreKeyRecord) {
    super();
    this.#record = record;
  }
  async savePreKey(): Promise<void> {}
  async getPreKey(): Promise<PreKeyRecord> {
    return this.#record;
  }
  async removePreKey(): Promise<void> {}
}

class Signed extends SignedPreKeyStore {
  readonly #record: SignedPreKeyRecord;
  constructor(record: SignedPreKeyRecord) {
    super();
    this.#record = record;
  }
  async saveSignedPreKey(): Promise<void> {}
  async getSignedPreKey(): Promise<SignedPreKeyRecord> {
    return this.#record;
  }
}

class Kyber extends KyberPreKeyStore {
  readonly #record: KyberPreKeyRecord;
  constructor(record: KyberPreKeyRecord) {
    super();
    this.#record = record;
  }
  async saveKyberPreKey(): Promise<void> {}
  async getKyberPreKey(): Promise<KyberPreKeyRecord> {
    return this.#record;
  }
  async markKyberPreKeyUsed(): Promise<void> {}
}

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
  const identities = [new Identity(), new Identity()] as const;
  const sessions = [new Sessions(stored), new Sessions(stored)] as const;

  const key = await identities[1].getIdentityKey();
  const [signedKey, oneTimeKey, kyberKey] = [PrivateKey.generate(), PrivateKey.generate(), KEMKeyPair.generate()];
  const signature = key.sign(signedKey.getPublicKey().serialize());
  const kyberSignature = key.sign(kyberKey.getPublicKey().serialize());
  const prekeys = new OneTime(PreKeyRecord.new(1, oneTimeKey.getPublicKey(), oneTimeKey));
  const signedPrekeys = new Signed(SignedPreKeyRecord.new(1, 1, signedKey.getPublicKey(), signedKey, signature));
  const kyberPrekeys = new Kyber(KyberPreKeyRecord.new(1, 1, kyberKey, kyberSignature));
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
