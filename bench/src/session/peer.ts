// What a session library is asked to do in the race: the same work for each, on messages of 256 bytes.

/** Two devices with a session between them that both have used. */
export interface Pair {
  /** `from` 0 or 1 sends one message, the other opens it. */
  send(from: 0 | 1): Promise<void> | void;
}

export interface Peer {
  readonly name: string;
  /** Makes a bundle, begins a session with it, opens the first message: two fresh devices. */
  meet(): Promise<Pair> | Pair;
  /** As `meet`, and every state is written out and read back at every message. */
  meetStored(): Promise<Pair> | Pair;
}

export const MESSAGE = new Uint8Array(256).fill(65);
