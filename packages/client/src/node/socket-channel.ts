// The channel between processes of one storage: whoever holds the lock serves a socket, the others connect to it, again and again until
// somebody is there. Takes an address; gives messages both ways. Not a concern here: the lock, what is said.

import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { ChannelListener, StorageChannel } from "../api.ts";
import { MAX_CHANNEL_BACKLOG } from "../limits.ts";
import { frame, Unframer } from "./frames.ts";
import type { SocketPath } from "./socket-path.ts";

/** Pauses between attempts to reach the holder, ms: it may be about to begin, or never come. */
const CONNECT_MS = { first: 5, most: 250 } as const;

/** One process on the channel. */
export class SocketChannel implements StorageChannel {
  readonly #path: SocketPath;
  readonly #listener: ChannelListener;
  readonly #orphaned = new Set<() => void>();
  /** The holder's: those who have connected. */
  readonly #others = new Set<Socket>();
  #server: Server | undefined;
  #holder: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(path: SocketPath, listener: ChannelListener) {
    this.#path = path;
    this.#listener = listener;
  }

  static async open(path: SocketPath, listener: ChannelListener, holding: boolean): Promise<SocketChannel> {
    const channel = new SocketChannel(path, listener);
    if (holding) await channel.serve();
    else channel.#connect(CONNECT_MS.first);
    return channel;
  }

  /** Whether the lock's holder cannot be reached. */
  get orphaned(): boolean {
    return this.#server === undefined && this.#holder === undefined;
  }

  /** Calls once when the holder has gone, unless the function returned was called before. */
  onOrphaned(gone: () => void): () => void {
    this.#orphaned.add(gone);
    return () => void this.#orphaned.delete(gone);
  }

  /** The lock is this process's: others find it here. Where no socket can be made they do not, and cannot open the account at the same time. */
  async serve(): Promise<void> {
    clearTimeout(this.#timer);
    this.#holder?.destroy();
    this.#holder = undefined;
    const server = createServer((socket) => this.#welcome(socket));
    this.#server = server;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    server.on("error", () => resolve(false));
    // Whoever left one here is dead: the lock says so.
    if (process.platform !== "win32") removeStale(this.#path.address);
    server.listen(this.#path.address, () => resolve(true));
    server.unref();
    if ((await promise) && process.platform !== "win32") chmodSync(this.#path.address, 0o600);
  }

  /** The lock is about to be free. */
  stopServing(): void {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    // The address is free at once; those who are connected may take their time to hear what was said.
    server.close();
    for (const socket of this.#others) socket.destroySoon();
    this.#others.clear();
    if (!this.#closed) this.#connect(CONNECT_MS.first);
  }

  post(message: Uint8Array): void {
    const framed = frame(message);
    const to = this.#server === undefined ? [this.#holder] : [...this.#others];
    for (const socket of to) {
      if (socket === undefined) continue;
      socket.write(framed);
      // Who does not listen is let go, and has to ask for everything when they come back.
      if (socket.writableLength > MAX_CHANNEL_BACKLOG) socket.destroy();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#holder?.destroySoon();
    this.#holder = undefined;
    this.stopServing();
    this.#path.discard();
  }

  #welcome(socket: Socket): void {
    this.#others.add(socket);
    this.#read(socket);
    // Only who waits for something keeps a process alive, and that is the other side.
    socket.unref();
    socket.on("close", () => void this.#others.delete(socket));
  }

  #connect(wait: number): void {
    this.#timer = setTimeout(() => {
      const socket = connect(this.#path.address);
      socket.once("connect", () => {
        if (this.#closed || this.#server !== undefined) return void socket.destroy();
        this.#holder = socket;
        this.#listener.connected?.();
      });
      this.#read(socket);
      socket.once("close", () => this.#lost(socket, wait));
    }, wait);
    this.#timer.unref();
  }

  #lost(socket: Socket, wait: number): void {
    const wasThere = this.#holder === socket;
    if (wasThere) this.#holder = undefined;
    if (this.#closed || this.#server !== undefined) return;
    this.#connect(wasThere ? CONNECT_MS.first : Math.min(2 * wait, CONNECT_MS.most));
    if (!wasThere) return;
    for (const gone of [...this.#orphaned]) gone();
    this.#orphaned.clear();
  }

  #read(socket: Socket): void {
    const unframer = new Unframer();
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Uint8Array) => {
      try {
        for (const message of unframer.push(chunk)) if (!this.#closed) this.#listener.received(message);
      } catch {
        socket.destroy();
      }
    });
  }
}

function removeStale(address: string): void {
  try {
    rmSync(address, { force: true });
  } catch {
    // It is no socket, then: the attempt to listen there fails.
  }
}
