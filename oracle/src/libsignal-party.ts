// A party played by libsignal, with its stores in memory (libsignal-stores.ts).

import {
  CiphertextMessageType,
  KEMKeyPair,
  KEMPublicKey,
  KyberPreKeyRecord,
  PreKeyBundle,
  PreKeyRecord,
  PreKeySignalMessage,
  PrivateKey,
  ProtocolAddress,
  PublicKey,
  SignalMessage,
  SignedPreKeyRecord,
  processPreKeyBundle,
  signalDecrypt,
  signalDecryptPreKey,
  signalEncrypt,
} from "@signalapp/libsignal-client";
import { Identity, KyberPrekeys, OneTimePrekeys, Sessions, SignedPrekeys } from "./libsignal-stores.ts";
import type { Bundle, Envelope, Party, PartyAddress } from "./party.ts";

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

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
