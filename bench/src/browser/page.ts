// The session race as it runs in a page: ours on the portable primitives, olm, and the floor. Takes what the driver asks for, gives rows.
// Not a concern here: the browser (browser.ts), the work of a contender (../session).

import { generateKeyPair } from "@sotto/protocol";
import { portablePrimitives } from "@sotto/protocol/primitives/portable";
import { type Contender, race, type Row, seconds } from "../measure.ts";
import { type OlmModule, olmPeer } from "../session/olm.ts";
import { ourPeer } from "../session/ours.ts";
import { contender, type Pattern } from "../session/patterns.ts";

/** What the driver asks a page for. */
export interface Order {
  readonly pattern: Pattern;
  /** Units of a run: ours, olm. */
  readonly counts: readonly [number, number];
  readonly runs: number;
}

declare global {
  /** olm's own script puts it there. */
  var Olm: OlmModule;
  /** What the driver calls. */
  var runRace: (order: Order) => Promise<readonly Row[]>;
}

const p = portablePrimitives((length) => crypto.getRandomValues(new Uint8Array(length)));
const ours = ourPeer("ours (portable)", p);
let olm: Promise<OlmModule> | undefined;

globalThis.runRace = async ({ pattern, counts, runs }) => {
  olm ??= Olm.init({ locateFile: (name) => `/${name}` }).then(() => Olm);
  const contenders = [contender(ours, pattern, false, counts[0]), contender(olmPeer(await olm), pattern, false, counts[1])];
  return await race(pattern === "ping-pong" ? [floor(counts[0]), ...contenders] : contenders, runs);
};

/** What every message of a ping-pong costs at least: a new key pair and an agreement with it at one end, an agreement at the other. */
function floor(count: number): Contender {
  const theirs = generateKeyPair(p);
  return {
    name: "floor: two agreements, a key pair",
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
