// The floor over HTTP: takes a body, appends it to a bare file, answers. What a relay could reach if it had nothing else to do.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BareFile } from "./bare-file.ts";

/** A server that syncs and forgets. */
export async function startBareServer(path: string): Promise<{ url: string; stop(): Promise<void> }> {
  const file = await BareFile.open(path);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void file.append(Buffer.concat(chunks)).then(() => response.end("stored")));
  });
  // Connections stay while the other contender has its turn.
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await file.close();
    },
  };
}
