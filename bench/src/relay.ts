// `node bench/src/relay.ts`: what the relay does in a second, beside the floor: a bare append-only file that is synced for every group of records.
// Servers, clients and readers share the machine, so the numbers are what one machine does with all of it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Limits, startRelay } from "@sotto/relay";
import { CELLS_PATH, encodeAppend } from "@sotto/wire";
import { type Contender, printTable, race, seconds } from "./measure.ts";
import { startBareServer } from "./relay/bare-server.ts";
import { concurrently, CountingReader, Poster, randomCell } from "./relay/load.ts";

const RUNS = 9;
const CELLS = 2000;
const IN_FLIGHT = 64;
const READERS = 20;

/** Nothing is refused for its rate: the relay's speed is measured, not its manners. */
const UNBOUNDED: Partial<Limits> = {
  cells: { burst: 1e9, perSecond: 1e9 },
  liveFrames: { burst: 1e9, perSecond: 1e9 },
};

const directory = await mkdtemp(join(tmpdir(), "sotto-bench-"));
const relay = await startRelay({ dataDir: join(directory, "relay"), port: 0, limits: UNBOUNDED });
const bare = await startBareServer(join(directory, "bare"));
const toRelay = new Poster(relay.url + CELLS_PATH, IN_FLIGHT);
const toBare = new Poster(bare.url, IN_FLIGHT);
const post = async (poster: Poster, count: number): Promise<number> => {
  const bodies = Array.from({ length: count }, () => encodeAppend([randomCell()]));
  return seconds(() => concurrently(count, IN_FLIGHT, (i) => poster.post(bodies[i] as Uint8Array)));
};

const floor: Contender = { name: "bare file behind HTTP", count: CELLS, run: (count) => post(toBare, count) };
const appends: Contender = { name: "relay, no reader", count: CELLS, run: (count) => post(toRelay, count) };
printTable(`Durable appends: one cell a request, ${IN_FLIGHT} in flight, medians of ${RUNS}`, await race([appends, floor], RUNS));

const readers = await Promise.all(Array.from({ length: READERS }, () => CountingReader.open(relay.url)));
const delivered: Contender = {
  name: `relay, to ${READERS} readers`,
  count: CELLS,
  run: (count) =>
    seconds(async () => {
      const all = Promise.all(readers.map((reader) => reader.more(count)));
      await post(toRelay, count);
      await all;
    }),
};
const rows = await race([delivered, floor], RUNS);
printTable(`Store and forward: until every reader has every cell, medians of ${RUNS}`, rows);
process.stdout.write(`  that is ${Math.round((rows[0]?.median ?? 0) * READERS).toLocaleString("en")} delivered cells/s\n`);

for (const reader of readers) reader.close();
for (const poster of [toRelay, toBare]) poster.close();
await relay.stop();
await bare.stop();
await rm(directory, { recursive: true, force: true });
