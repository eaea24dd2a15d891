// Two devices that hold session records for each other, and everything around them: prekeys, a clock, a network that misbehaves.

import {
  type Address,
  type OurPrekeys,
  type Ourselves,
  type Prekeys,
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
  readPrekeyMessage,
} from "../../src/index.ts";

export interface Envelope {
  readonly kind: "prekey" | "message";
  readonly bytes: Uint8Array;
}

/** A device that talks to one other and forgets nothing but what the protocol makes it forget. */
export class TestDevice {
  readonly p: Primitives;
  readonly self: Ourselves;
  readonly peer: Address;
  readonly prekeys = new Map<number, OurPrekeys>();
  record: SessionRecord = emptyRecord;
  now = 1_000_000;

  constructor(p: Primitives, number: number, peerNumber: number) {
    const address = (n: number): Address => ({ serviceId: new Uint8Array(16).fill(n), device: n });
    this.p = p;
    this.self = { identity: generateKeyPair(p), registrationId: number, address: address(number) };
    this.peer = address(peerNumber);
  }

  /** Makes fresh prekeys and gives their public halves. */
  bundle(options: { oneTime: boolean }): Prekeys {
    const id = this.prekeys.size + 1;
    const { p, self } = this;
    const signedPrekey = generateKeyPair(p);
    const kyberPrekey = generateKyberKeyPair(p);
    const oneTime = options.oneTime ? generateKeyPair(p) : undefined;
    this.prekeys.set(id, {
      identity: self.identity,
      signedPrekey,
      kyberPrekey,
      ...(oneTime === undefined ? {} : { oneTimePrekey: oneTime }),
    });
    return {
      identityKey: self.identity.publicKey,
      signedPrekey: signedPrekey.publicKey,
      kyberPrekey: kyberPrekey.publicKey,
      signedPrekeyId: id,
      kyberPrekeyId: id,
      ...(oneTime === undefined ? {} : { oneTimePrekey: oneTime.publicKey, oneTimePrekeyId: id }),
    };
  }

  initiate(theirs: Prekeys): void {
    this.record = initiateSession(this.p, this.record, this.self, theirs, this.now);
  }

  encrypt(plaintext: Uint8Array): Envelope {
    const { record, prekeyMessage, message } = encryptInRecord(this.p, this.record, this.self, this.peer, plaintext, this.now);
    this.record = record;
    return prekeyMessage === undefined ? { kind: "message", bytes: message } : { kind: "prekey", bytes: prekeyMessage };
  }

  /** Throws when the message is refused, and then nothing has changed. */
  decrypt({ kind, bytes }: Envelope): Uint8Array {
    if (kind === "message") {
      const { record, plaintext } = decryptInRecord(this.p, this.record, this.self, this.peer, bytes);
      this.record = record;
      return plaintext;
    }
    const incoming = readPrekeyMessage(bytes);
    const prekeys = holdsSession(this.record, incoming.use.baseKey) ? undefined : this.prekeys.get(incoming.use.signedPrekeyId);
    const { record, plaintext } = decryptPrekeyMessage(this.p, this.record, this.self, this.peer, incoming, prekeys);
    this.record = record;
    return plaintext;
  }

  /** The stored form of everything this device holds for the other. */
  stored(): Uint8Array {
    return encodeSessionRecord(this.record);
  }

  /** Forgets what is in memory and reads what was stored. */
  reload(): void {
    this.record = decodeSessionRecord(this.stored());
  }
}

/** Two devices with a session that both have used. */
export function pairOfDevices(
  p: Primitives,
  options: { oneTime?: boolean; answered?: boolean } = {},
): { alice: TestDevice; bob: TestDevice } {
  const alice = new TestDevice(p, 1, 2);
  const bob = new TestDevice(p, 2, 1);
  alice.initiate(bob.bundle({ oneTime: options.oneTime ?? true }));
  bob.decrypt(alice.encrypt(Uint8Array.of(0)));
  if (options.answered ?? true) alice.decrypt(bob.encrypt(Uint8Array.of(0)));
  return { alice, bob };
}
