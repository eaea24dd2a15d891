// `npm run bench:session -- --runs 9`: our sessions beside libsignal and olm, the same work in one process, in turn.

import { parseArgs } from "node:util";
import { portablePrimitives } from "@sotto/protocol/primitives/portable";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { loadSodiumPrimitives } from "@sotto/protocol/primitives/sodium";
import { printTable, race } from "../measure.ts";
import { libsignalPeer } from "./libsignal.ts";
import { loadOlm } from "./olm-node.ts";
import { ourPeer } from "./ours.ts";
import { contender, type Pattern } from "./patterns.ts";
import { printSizes } from "./sizes.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "9" }, only: { type: "string" } } });
const fast = nodePrimitives();
const ours = ourPeer("ours (node)", fast);
const portable = ourPeer("ours (portable)", portablePrimitives(fast.randomBytes));
const sodium = ourPeer("ours (sodium)", await loadSodiumPrimitives(fast.randomBytes));
const olm = await loadOlm();

/** `counts`: units of a run, one of each peer. */
const races: readonly { title: string; pattern: Pattern; stored: boolean; counts: readonly number[] }[] = [
  { title: "setup: bundle, first encrypt, first decrypt", pattern: "setup", stored: false, counts: [100, 20, 50, 100, 100] },
  { title: "one-way, 256 bytes", pattern: "one-way", stored: false, counts: [5000, 2000, 2000, 5000, 1500] },
  { title: "one-way, state written and read at every message", pattern: "one-way", stored: true, counts: [5000, 2000, 2000, 2000, 1500] },
  { title: "ping-pong, 256 bytes", pattern: "ping-pong", stored: false, counts: [2000, 200, 500, 1000, 1000] },
  { title: "ping-pong, state written and read at every message", pattern: "ping-pong", stored: true, counts: [2000, 200, 500, 1000, 1000] },
];

for (const { title, pattern, stored, counts } of races) {
  if (values.only !== undefined && values.only !== pattern) continue;
  const peers = [ours, portable, sodium, olm, libsignalPeer];
  const contenders = peers.map((peer, i) => contender(peer, pattern, stored, counts[i] ?? 1));
  printTable(title, await race(contenders, Number(values.runs)));
}

if (values.only === undefined || values.only === "sizes") await printSizes([ours, olm, libsignalPeer]);
