// One end of a dialogue, whoever implements it: what the interoperability runs ask of ours and of libsignal.

/** What travels: the two kinds of Signal message. */
export interface Envelope {
  readonly kind: "prekey" | "message";
  readonly bytes: Uint8Array;
}

/** A device's prekeys as a server would hand them out. */
export interface Bundle {
  readonly registrationId: number;
  readonly identityKey: Uint8Array;
  readonly signedPrekey: { readonly id: number; readonly key: Uint8Array; readonly signature: Uint8Array };
  readonly kyberPrekey: { readonly id: number; readonly key: Uint8Array; readonly signature: Uint8Array };
  readonly oneTimePrekey?: { readonly id: number; readonly key: Uint8Array };
}

/** One device that talks to one other. */
export interface Party {
  readonly name: string;
  bundle(options: { oneTime: boolean }): Promise<Bundle>;
  initiate(bundle: Bundle): Promise<void>;
  encrypt(plaintext: Uint8Array): Promise<Envelope>;
  /** Throws when the message is refused. */
  decrypt(envelope: Envelope): Promise<Uint8Array>;
  /** Writes the state out and reads it back. */
  reload(): Promise<void>;
  /** The post-quantum ratchet's epoch; 0 where it cannot be seen. */
  epoch(): number;
}

/** Who a party is to the other: Signal's service id (as UUID) and device id. */
export interface PartyAddress {
  readonly uuid: string;
  readonly device: number;
}
