// A TCP proxy in front of the relay that keeps every byte of both directions: what somebody on the wire, or the relay itself, can see.

import { type Socket, connect, createServer } from "node:net";

export interface RecordingProxy {
  readonly port: number;
  readonly url: string;
  /** Every byte that passed, per connection and direction. */
  recorded(): readonly Buffer[];
  stop(): Promise<void>;
}

/** Listens on a free port of the loopback and forwards to `targetPort`. A target that is down closes the connection, as a dead relay would. */
export async function startRecordingProxy(targetPort: number): Promise<RecordingProxy> {
  const streams: Buffer[][] = [];
  const sockets = new Set<Socket>();

  function track(socket: Socket, other: Socket): void {
    const kept: Buffer[] = [];
    streams.push(kept);
    sockets.add(socket);
    socket.on("data", (chunk: Buffer) => kept.push(chunk));
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.pipe(other);
  }

  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    track(client, target);
    track(target, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    recorded: () => streams.map((kept) => Buffer.concat(kept)),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
