// A process that is made to be killed: takes the records of accounts 0, 1, 2, … of the embedded store in the given directory in turn, several at a
// time, and prints the account and the id of each one-time prekey that an answer handed out. Not a test.

import { limitsWith, systemClock } from "../../src/index.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { accountNumber, prekeyId } from "./prekeys.ts";

const store = await openEmbeddedStore(process.argv[2] as string, limitsWith(), systemClock);
const accounts = Number(process.argv[3]);
let next = 0;

async function take(): Promise<void> {
  for (;;) {
    const account = next++ % accounts;
    const record = await store.takeRecord(accountNumber(account));
    const handedOut = record?.bundles[0]?.oneTime;
    if (handedOut === undefined) return;
    // A pipe is written synchronously: what the parent reads was answered.
    process.stdout.write(`${account} ${prekeyId(handedOut.list, handedOut.taken)}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, take));
