// libsignal's stores, in memory (AGPL-3.0: tests and measurements only, never shipped). Whoever plays a device with libsignal keeps its state
// here. Not a concern here: what a device does.

import {
  IdentityChange,
  IdentityKeyStore,
  type KyberPreKeyRecord,
  KyberPreKeyStore,
  type PreKeyRecord,
  PreKeyStore,
  type PrivateKey,
  type ProtocolAddress,
  SessionRecord,
  SessionStore,
  type SignedPreKeyRecord,
  SignedPreKeyStore,
} from "@signalapp/libsignal-client";

/** One session, written out at every change and read back at every use; with `asObject` it is kept as it is. */
export class Sessions extends SessionStore {
  readonly #asObject: boolean;
  #record: SessionRecord | null = null;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  constructor({ asObject = false }: { asObject?: boolean } = {}) {
    super();
    this.#asObject = asObject;
  }
  async saveSession(_name: ProtocolAddress, record: SessionRecord): Promise<void> {
    if (this.#asObject) this.#record = record;
    else this.#bytes = record.serialize();
  }
  async getSession(): Promise<SessionRecord | null> {
    return this.#bytes === undefined ? this.#record : SessionRecord.deserialize(this.#bytes);
  }
  async getExistingSessions(): Promise<SessionRecord[]> {
    return [];
  }
}

/** An identity that trusts everybody. */
export class Identity extends IdentityKeyStore {
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
  async isTrustedIdentity(): Promise<boolean> {
    return true;
  }
  async getIdentity(): Promise<null> {
    return null;
  }
}

/** One-time prekeys: gone once they were used. */
export class OneTimePrekeys extends PreKeyStore {
  readonly #records = new Map<number, PreKeyRecord>();
  async savePreKey(id: number, record: PreKeyRecord): Promise<void> {
    this.#records.set(id, record);
  }
  async getPreKey(id: number): Promise<PreKeyRecord> {
    return held(this.#records, id);
  }
  async removePreKey(id: number): Promise<void> {
    this.#records.delete(id);
  }
}

/** Signed prekeys. */
export class SignedPrekeys extends SignedPreKeyStore {
  readonly #records = new Map<number, SignedPreKeyRecord>();
  async saveSignedPreKey(id: number, record: SignedPreKeyRecord): Promise<void> {
    this.#records.set(id, record);
  }
  async getSignedPreKey(id: number): Promise<SignedPreKeyRecord> {
    return held(this.#records, id);
  }
}

/** Kyber prekeys of last resort: used any number of times. */
export class KyberPrekeys extends KyberPreKeyStore {
  readonly #records = new Map<number, KyberPreKeyRecord>();
  async saveKyberPreKey(id: number, record: KyberPreKeyRecord): Promise<void> {
    this.#records.set(id, record);
  }
  async getKyberPreKey(id: number): Promise<KyberPreKeyRecord> {
    return held(this.#records, id);
  }
  async markKyberPreKeyUsed(): Promise<void> {}
}

function held<R>(records: ReadonlyMap<number, R>, id: number): R {
  const record = records.get(id);
  if (record === undefined) throw new Error(`no prekey ${id}`);
  return record;
}
