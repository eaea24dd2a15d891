// A party played by our own session record.

import {
  type Address,
  type OurPrekeys,
  type Ourselves,
  type Primitives,
  type SessionRecord,
  decodeSessionRecord,
  decryptInRecord,
  decryptPrekeyMessage,
  emptyRecord,
  encodeSessionRecord,
  encryptInRecord,
  equalBytes,
  generateKeyPair,
  generateKyberKeyPair,
  holdsSession,
  initiateSession,
  parsePublicKey,
  readPrekeyMessage,
  sign,
  verify,
} from "@sotto/protocol/signal";
import type { Party, PartyAddress } from "./party.ts";

/** Plays one device. `name` says which primitives it runs on. */
export function ourParty(name: string, p: Primitives, ours: PartyAddress, theirs: PartyAddress): Party {
  const self: Ourselves = { identity: generateKeyPair(p), registrationId: 5, address: toAddress(ours) };
  const peer = toAddress(theirs);
  const prekeys = new Map<number, OurPrekeys>();
  let record: SessionRecord = emptyRecord;
  let now = 1;

  return {
    name,
    async bundle({ oneTime }) {
      const id = prekeys.size + 1;
      const { identity } = self;
      const signedPrekey = generateKeyPair(p);
      const kyberPrekey = generateKyberKeyPair(p);
      const oneTimePrekey = oneTime ? generateKeyPair(p) : undefined;
      prekeys.set(id, { identity, signedPrekey, kyberPrekey, ...(oneTimePrekey === undefined ? {} : { oneTimePrekey }) });
      return {
        registrationId: self.registrationId,
        identityKey: identity.publicKey,
        signedPrekey: { id, key: signedPrekey.publicKey, signature: sign(p, identity, signedPrekey.publicKey) },
        kyberPrekey: { id, key: kyberPrekey.publicKey, signature: sign(p, identity, kyberPrekey.publicKey) },
        ...(oneTimePrekey === undefined ? {} : { oneTimePrekey: { id, key: oneTimePrekey.publicKey } }),
      };
    },
    async initiate({ identityKey, signedPrekey, kyberPrekey, oneTimePrekey }) {
      const identity = parsePublicKey(p, identityKey);
      for (const prekey of [signedPrekey, kyberPrekey]) {
        if (!verify(p, identity, prekey.key, prekey.signature)) throw new Error("a prekey's signature does not hold");
      }
      const chosen = {
        identityKey: identity,
        signedPrekey: parsePublicKey(p, signedPrekey.key),
        signedPrekeyId: signedPrekey.id,
        kyberPrekey: kyberPrekey.key,
        kyberPrekeyId: kyberPrekey.id,
        ...(oneTimePrekey === undefined ? {} : { oneTimePrekey: parsePublicKey(p, oneTimePrekey.key), oneTimePrekeyId: oneTimePrekey.id }),
      };
      record = initiateSession(p, record, self, chosen, now++);
    },
    async encrypt(plaintext) {
      const encrypted = encryptInRecord(p, record, self, peer, plaintext, now++);
      record = encrypted.record;
      return encrypted.prekeyMessage === undefined
        ? { kind: "message", bytes: encrypted.message }
        : { kind: "prekey", bytes: encrypted.prekeyMessage };
    },
    async decrypt({ kind, bytes }) {
      if (kind === "message") {
        const decrypted = decryptInRecord(p, record, self, peer, bytes);
        record = decrypted.record;
        return decrypted.plaintext;
      }
      const incoming = readPrekeyMessage(bytes);
      const used = holdsSession(record, incoming.use.baseKey) ? undefined : prekeys.get(incoming.use.signedPrekeyId);
      const decrypted = decryptPrekeyMessage(p, record, self, peer, incoming, used && withoutUnused(used, incoming.use.oneTimePrekeyId));
      record = decrypted.record;
      return decrypted.plaintext;
    },
    async reload() {
      const stored = encodeSessionRecord(record);
      record = decodeSessionRecord(stored);
      if (!equalBytes(stored, encodeSessionRecord(record))) throw new Error("a stored session changed on being read");
    },
    epoch: () => record.current?.ratchet.spqr.braid.epoch ?? 0,
  };
}

function withoutUnused({ oneTimePrekey, ...rest }: OurPrekeys, id: number | undefined): OurPrekeys {
  return id === undefined || oneTimePrekey === undefined ? rest : { ...rest, oneTimePrekey };
}

function toAddress({ uuid, device }: PartyAddress): Address {
  return { serviceId: new Uint8Array(Buffer.from(uuid.replaceAll("-", ""), "hex")), device };
}
