// What a session library is asked to do in the race: the same work for each.

/** Two devices with a session between them that both have used. */
export interface Pair {
  /** Bytes on the wire of the first message, which made the session. */
  readonly first: number;
  /** `from` 0 or 1 sends one message, the other opens it: its bytes on the wire. */
  send(from: 0 | 1): Promise<number> | number;
}

export interface Peer {
  readonly name: string;
  /** Makes a bundle, begins a session with it, opens the first message: two fresh devices. */
  meet(message?: Uint8Array<ArrayBuffer>): Promise<Pair> | Pair;
  /** As `meet`, and every state is written out and read back at every message. */
  meetStored(): Promise<Pair> | Pair;
}

/** What is sent, unless a pair met for another message. */
export const MESSAGE = new Uint8Array(256).fill(65);
