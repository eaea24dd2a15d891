// A party played by libsignal, with its stores in memory.

import {
  CiphertextMessageType,
  type Direction,
  IdentityChange,
  IdentityKeyStore,
  KEMKeyPair,
  KEMPublicKey,
  KyberPreKeyRecord,
  KyberPreKeyStore,
  PreKeyBundle,
  PreKeyRecord,
  PreKeySignalMessage,
  PreKeyStore,
  PrivateKey,
  ProtocolAddress,
  PublicKey,
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
import type { Bundle, Envelope, Party, PartyAddress } from "./party.ts";

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

class Sessions extends SessionStore {
  #held: Uint8Array<ArrayBuffer> | undefined;
  async saveSession(_name: ProtocolAddress, record: SessionRecord): Promise<void> {
    this.#held = record.serialize();
  }
  async getSession(): Promise<SessionRecord | null> {
    return this.#held === undefined ? null : SessionRecord.deserialize(this.#held);
  }
  async getExistingSessions(): Promise<SessionRecord[]> {
    return [];
  }
}

class Identity extends IdentityKeyStore {
  readonly key: PrivateKey;
  readonly registrationId: number;
  constructor(key: PrivateKey, registrationId: number) {
    super();
    this.key = key;
    this.registrationId = registrationId;
  }
  async getIdentityKey(): Promise<PrivateKey> {
    return this.key;
  }
  async getLocalRegistrationId(): Promise<number> {
    return this.registrationId;
  }
  async saveIdentity(): Promise<IdentityChange> {
    return IdentityChange.NewOrUnchanged;
  }
  async isTrustedIdentity(_name: ProtocolAddress, _key: PublicKey, _direction: Direction): Promise<boolean> {
    return true;
  }
  async getIdentity(): Promise<PublicKey | null> {
    return null;
  }
}

function held<R>(records: Map<number, R>, id: number): R {
  const record = records.get(id);
  if (record === undefined) throw new Error(`no prekey ${id}`);
  return record;
}

class OneTimePrekeys extends PreKeyStore {
  readonly records = new Map<number, PreKeyRecord>();
  async savePreKey(id: number, record: PreKeyRecord): Promise<void> {
    this.records.set(id, record);
  }
  async getPreKey(id: number): Promise<PreKeyRecord> {
    return held(this.records, id);
  }
  async removePreKey(id: number): Promise<void> {
    this.records.delete(id);
  }
}

class SignedPrekeys extends SignedPreKeyStore {
  readonly records = new Map<number, SignedPreKeyRecord>();
  async saveSignedPreKey(id: number, record: SignedPreKeyRecord): Promise<void> {
    this.records.set(id, record);
  }
  async getSignedPreKey(id: number): Promise<SignedPreKeyRecord> {
    return held(this.records, id);
  }
}

class KyberPrekeys extends KyberPreKeyStore {
  readonly records = new Map<number, KyberPreKeyRecord>();
  async saveKyberPreKey(id: number, record: KyberPreKeyRecord): Promise<void> {
    this.records.set(id, record);
  }
  async getKyberPreKey(id: number): Promise<KyberPreKeyRecord> {
    return held(this.records, id);
  }
  async markKyberPreKeyUsed(): Promise<void> {}
}

/** Plays one device. */
export function libsignalParty(ours: PartyAddress, theirs: PartyAddress): Party {
  const identity = new Identity(PrivateKey.generate(), 77);
  const sessions = new Sessions();
  const oneTime = new OneTimePrekeys();
  const signed = new SignedPrekeys();
  const kyber = new KyberPrekeys();
  const local = ProtocolAddress.new(ours.uuid, ours.device);
  const remote = ProtocolAddress.new(theirs.uuid, theirs.device);
  let nextId = 1;

  return {
    name: "libsignal",
    async bundle({ oneTime: withOneTime }): Promise<Bundle> {
      const id = nextId++;
      const signedKey = PrivateKey.generate();
      const signedPublic = signedKey.getPublicKey();
      const signature = identity.key.sign(signedPublic.serialize());
      await signed.saveSignedPreKey(id, SignedPreKeyRecord.new(id, Date.now(), signedPublic, signedKey, signature));
      const kyberKey = KEMKeyPair.generate();
      const kyberSignature = identity.key.sign(kyberKey.getPublicKey().serialize());
      await kyber.saveKyberPreKey(id, KyberPreKeyRecord.new(id, Date.now(), kyberKey, kyberSignature));
      const bundle = {
        registrationId: identity.registrationId,
        identityKey: identity.key.getPublicKey().serialize(),
        signedPrekey: { id, key: signedPublic.serialize(), signature },
        kyberPrekey: { id, key: kyberKey.getPublicKey().serialize(), signature: kyberSignature },
      };
      if (!withOneTime) return bundle;
      const key = PrivateKey.generate();
      await oneTime.savePreKey(id, PreKeyRecord.new(id, key.getPublicKey(), key));
      return { ...bundle, oneTimePrekey: { id, key: key.getPublicKey().serialize() } };
    },
    async initiate(bundle) {
      const parsed = PreKeyBundle.new(
        bundle.registrationId,
        theirs.device,
        bundle.oneTimePrekey?.id ?? null,
        bundle.oneTimePrekey === undefined ? null : PublicKey.deserialize(own(bundle.oneTimePrekey.key)),
        bundle.signedPrekey.id,
        PublicKey.deserialize(own(bundle.signedPrekey.key)),
        own(bundle.signedPrekey.signature),
        PublicKey.deserialize(own(bundle.identityKey)),
        bundle.kyberPrekey.id,
        KEMPublicKey.deserialize(own(bundle.kyberPrekey.key)),
        own(bundle.kyberPrekey.signature),
      );
      await processPreKeyBundle(parsed, remote, local, sessions, identity);
    },
    async encrypt(plaintext): Promise<Envelope> {
      const message = await signalEncrypt(own(plaintext), remote, local, sessions, identity);
      return { kind: message.type() === CiphertextMessageType.PreKey ? "prekey" : "message", bytes: message.serialize() };
    },
    async decrypt({ kind, bytes }) {
      return kind === "prekey"
        ? signalDecryptPreKey(PreKeySignalMessage.deserialize(own(bytes)), remote, local, sessions, identity, oneTime, signed, kyber)
        : signalDecrypt(SignalMessage.deserialize(own(bytes)), remote, local, sessions, identity);
    },
    // Its sessions are serialised at every step as it is.
    async reload() {},
    epoch: () => 0,
  };
}
