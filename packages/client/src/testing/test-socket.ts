// The client's end of a socket that goes nowhere: as much of `WebSocket` as the client uses. Takes what arrives and the end; tells what was
// sent. Not a concern here: what is at the other end.

/** Who is at the other end of a socket. */
export interface SocketPeer {
  /** A frame was sent. */
  sent(frame: Uint8Array): void;
  /** This end is closed, by whomever. */
  closed(): void;
}

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

/** One socket. */
export class TestSocket extends EventTarget {
  binaryType = "blob";
  readyState = CONNECTING;
  readonly #peer: SocketPeer;

  constructor(peer: SocketPeer) {
    super();
    this.#peer = peer;
  }

  /** The other end has taken the connection. */
  open(): void {
    if (this.readyState !== CONNECTING) return;
    this.readyState = OPEN;
    this.dispatchEvent(new Event("open"));
  }

  /** Something arrives: a frame, or text. */
  deliver(said: Uint8Array | string): void {
    if (this.readyState !== OPEN) return;
    const data = typeof said === "string" ? said : said.slice().buffer;
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  send(frame: Uint8Array): void {
    if (this.readyState === OPEN) this.#peer.sent(frame.slice());
  }

  close(): void {
    if (this.readyState >= CLOSING) return;
    this.readyState = CLOSING;
    this.#peer.closed();
    queueMicrotask(() => this.drop());
  }

  /** The connection is gone. */
  drop(): void {
    if (this.readyState === CLOSED) return;
    const wasOpen = this.readyState !== CLOSING;
    this.readyState = CLOSED;
    if (wasOpen) this.#peer.closed();
    this.dispatchEvent(new Event("close"));
  }
}
