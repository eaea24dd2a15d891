// Our sessions in the race.

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
  generateKeyPair,
  generateKyberKeyPair,
  holdsSession,
  initiateSession,
  parsePublicKey,
  readPrekeyMessage,
  sign,
  verify,
} from "@sotto/protocol/signal";
import { MESSAGE, type Pair, type Peer } from "./peer.ts";

interface End {
  readonly self: Ourselves;
  readonly peer: Address;
  record: SessionRecord;
  stored: Uint8Array;
}

export function ourPeer(name: string, p: Primitives): Peer {
  return { name, meet: (message) => meet(p, false, message), meetStored: () => meet(p, true) };
}

function meet(p: Primitives, stored: boolean, plaintext = MESSAGE): Pair {
  const address = (n: number): Address => ({ serviceId: new Uint8Array(16).fill(n), device: n });
  const end = (n: number): End => ({
    self: { identity: generateKeyPair(p), registrationId: n, address: address(n) },
    peer: address(3 - n),
    record: emptyRecord,
    stored: encodeSessionRecord(emptyRecord),
  });
  const [alice, bob] = [end(1), end(2)];

  const { identity } = bob.self;
  const prekeys: Required<OurPrekeys> = {
    identity,
    signedPrekey: generateKeyPair(p),
    kyberPrekey: generateKyberKeyPair(p),
    oneTimePrekey: generateKeyPair(p),
  };
  const signatures = [sign(p, identity, prekeys.signedPrekey.publicKey), sign(p, identity, prekeys.kyberPrekey.publicKey)] as const;

  const identityKey = parsePublicKey(p, identity.publicKey);
  const signed = verify(p, identityKey, prekeys.signedPrekey.publicKey, signatures[0]);
  if (!signed || !verify(p, identityKey, prekeys.kyberPrekey.publicKey, signatures[1])) throw new Error("signatures");
  const theirs = {
    identityKey,
    signedPrekey: prekeys.signedPrekey.publicKey,
    kyberPrekey: prekeys.kyberPrekey.publicKey,
    oneTimePrekey: prekeys.oneTimePrekey.publicKey,
    signedPrekeyId: 1,
    kyberPrekeyId: 1,
    oneTimePrekeyId: 1,
  };
  write(alice, initiateSession(p, alice.record, alice.self, theirs, 1));

  function read(at: End): SessionRecord {
    return stored ? decodeSessionRecord(at.stored) : at.record;
  }

  function write(at: End, record: SessionRecord): void {
    at.record = record;
    if (stored) at.stored = encodeSessionRecord(record);
  }

  function send(number: 0 | 1): number {
    const [from, to] = number === 0 ? [alice, bob] : [bob, alice];
    const encrypted = encryptInRecord(p, read(from), from.self, from.peer, plaintext, 1);
    write(from, encrypted.record);
    const record = read(to);
    if (encrypted.prekeyMessage === undefined) {
      write(to, decryptInRecord(p, record, to.self, to.peer, encrypted.message).record);
      return encrypted.message.length;
    }
    const incoming = readPrekeyMessage(encrypted.prekeyMessage);
    const ours = holdsSession(record, incoming.use.baseKey) ? undefined : prekeys;
    write(to, decryptPrekeyMessage(p, record, to.self, to.peer, incoming, ours).record);
    return encrypted.prekeyMessage.length;
  }

  return { first: send(0), send };
}
