// Bytes on the wire of a 1-byte message: the first of a session, one in a row of one side's, one that answers. Medians, for the pieces of a
// post-quantum ratchet ride along in some messages and not in others.

import { median } from "../measure.ts";
import type { Peer } from "./peer.ts";

const COUNT = 200;

export async function printSizes(peers: readonly Peer[]): Promise<void> {
  process.stdout.write("\na 1-byte message on the wire: first, one-way, ping-pong\n");
  for (const peer of peers) {
    const pair = await peer.meet(Uint8Array.of(65));
    const answering: number[] = [];
    for (let i = 0; i < COUNT; i++) answering.push(await pair.send(i % 2 === 0 ? 1 : 0));
    const inRow: number[] = [];
    for (let i = 0; i < COUNT; i++) inRow.push(await pair.send(0));
    const sizes = [pair.first, median(inRow), median(answering)].map((size) => size.toLocaleString("en").padStart(6)).join(" ");
    process.stdout.write(`  ${peer.name.padEnd(34)} ${sizes} bytes\n`);
  }
}
