// A process that is made to be killed: appends cells 0, 1, 2, … to the embedded store in the given directory, several at a time, and prints the
// number of each one that was acknowledged. Not a test.

import { limitsWith, systemClock } from "../../src/index.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { testCell } from "./cells.ts";

const store = await openEmbeddedStore(process.argv[2] as string, limitsWith(), systemClock);
let next = Number(process.argv[3]);

async function append(): Promise<void> {
  for (;;) {
    const number = next++;
    const [result] = await store.append([testCell(number)]);
    // A pipe is written synchronously: what the parent reads was acknowledged.
    if (result === "stored") process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, append));
