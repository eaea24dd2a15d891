// The session race as it runs in a page: ours on the portable primitives and on libsodium's, olm, and the floors. Takes what the driver asks
// for, gives rows. Not a concern here: the browser (browser.ts), the work of a contender (../session).

import { generateKeyPair, type Primitives } from "@sotto/protocol";
import { portablePrimitives } from "@sotto/protocol/primitives/portable";
import { loadSodiumPrimitives } from "@sotto/protocol/primitives/sodium";
import { type Contender, race, type Row, seconds } from "../measure.ts";
import { type OlmModule, olmPeer } from "../session/olm.ts";
import { ourPeer } from "../session/ours.ts";
import { contender, type Pattern } from "../session/patterns.ts";

/** What the driver asks a page for. */
export interface Order {
  readonly pattern: Pattern;
  /** Units of a run: ours, ours on sodium, olm. */
  readonly counts: readonly [number, number, number];
  readonly runs: number;
}

declare global {
  /** olm's own script puts it there. */
  var Olm: OlmModule;
  /** What the driver calls. */
  var runRace: (order: Order) => Promise<readonly Row[]>;
}

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const portable = portablePrimitives(randomBytes);
let loaded: Promise<readonly [Primitives, OlmModule]> | undefined;

globalThis.runRace = async ({ pattern, counts, runs }) => {
  loaded ??= Promise.all([loadSodiumPrimitives(randomBytes), Olm.init({ locateFile: (name) => `/${name}` }).then(() => Olm)]);
  const [sodium, olm] = await loaded;
  const peers = [ourPeer("ours (portable)", portable), ourPeer("ours (sodium)", sodium), olmPeer(olm)];
  const contenders = peers.map((peer, i) => contender(peer, pattern, false, counts[i] ?? 1));
  const floors = [floor("floor of portable", portable, counts[0]), floor("floor of sodium", sodium, counts[1])];
  return await race(pattern === "ping-pong" ? [...floors, ...contenders] : contenders, runs);
};

/** What every message of a ping-pong costs at least: a new key pair and an agreement with it at one end, an agreement at the other. */
function floor(name: string, p: Primitives, count: number): Contender {
  const theirs = generateKeyPair(p);
  return {
    name,
    count,
    run: (units) =>
      seconds(() => {
        for (let i = 0; i < units; i++) {
          const fresh = generateKeyPair(p);
          p.x25519(fresh.privateKey.expose(), theirs.publicKey.subarray(1));
          p.x25519(theirs.privateKey.expose(), fresh.publicKey.subarray(1));
        }
      }),
  };
}
