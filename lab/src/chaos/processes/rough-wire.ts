// A line to the relay that is cut in the middle of anything, stops for a while or drips. Takes the port that it leads to; gives the port that
// clients connect to. Not a concern here: what the bytes mean (lying-relay.ts).

import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Faults } from "../faults.ts";

/** An open line. */
export interface RoughWire {
  readonly url: string;
  /** Cuts every connection that there is. */
  cutAll(): void;
  stop(): Promise<void>;
}

/** What a connection is in for. */
interface Fate {
  /** It is cut when so many bytes have passed. */
  readonly cutAfter: number;
  /** It stops once, before the byte with this number, for so many ms. */
  readonly stallAt: number;
  readonly stallMs: number;
  /** Bytes that pass at a time, and ms between them; no drip without end: `dripBytes` in all. */
  readonly dripBytes: number;
}

const DRIP = { bytes: 512, everyMs: 4 } as const;

/** Listens on a free port of the loopback. */
export async function startRoughWire(targetPort: number, faults: Faults): Promise<RoughWire> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const relay = connect(targetPort, "127.0.0.1");
    const fate = fateOf(faults);
    let passed = 0;
    const cut = (): void => {
      client.destroy();
      relay.destroy();
    };
    const pass = async (from: Socket, to: Socket): Promise<void> => {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let rest = chunk; rest.length > 0;) {
          const dripping = passed < fate.dripBytes;
          const piece = rest.subarray(0, Math.min(dripping ? DRIP.bytes : rest.length, fate.cutAfter - passed));
          rest = rest.subarray(piece.length);
          if (passed <= fate.stallAt && fate.stallAt < passed + piece.length) await sleep(fate.stallMs);
          passed += piece.length;
          to.write(piece);
          if (passed >= fate.cutAfter) return cut();
          if (dripping) await sleep(DRIP.everyMs);
        }
      }
      to.end();
    };
    for (const socket of [client, relay]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", cut);
      socket.on("close", () => (sockets.delete(socket), cut()));
    }
    // A socket that is destroyed ends the loop with an error; the other end has been told by then.
    void pass(client, relay).catch(cut);
    void pass(relay, client).catch(cut);
  });
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    cutAll,
    async stop() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fateOf(faults: Faults): Fate {
  return {
    cutAfter: faults.strikes("cut") ? faults.between(1, 40_000) : Infinity,
    stallAt: faults.strikes("stall") ? faults.between(0, 20_000) : Infinity,
    stallMs: faults.between(100, 3_000),
    dripBytes: faults.strikes("drip") ? 30_000 : 0,
  };
}
