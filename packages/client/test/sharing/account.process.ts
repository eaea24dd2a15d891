// A process that has an account open, for tests of several at once: run by test/sharing/processes.test.ts with the path of the account's
// database. Sends each line of its input to the one conversation there is, and says what happens: `open`, `writer` once it writes,
// `ok <text>` when a message is accepted, `failed <code>`.

import { createInterface } from "node:readline";
import { MessengerError } from "../../src/errors.ts";
import { sqliteFile } from "../../src/node/sqlite-file.ts";
import { openAccount } from "../../src/node.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [path, relay] = process.argv.slice(2) as [string, string];
const inner = sqliteFile(path);
const storage = {
  ...inner,
  async lock(...options: Parameters<typeof inner.lock>) {
    const unlock = await inner.lock(...options);
    say("writer");
    return unlock;
  },
};

const client = await openAccount({ relay, storage });
const [chat] = client.conversations.list.get();
say("open");
for await (const text of createInterface(process.stdin)) {
  chat?.send(text).then(
    () => say(`ok ${text}`),
    (error: unknown) => say(`failed ${error instanceof MessengerError ? error.code : String(error)}`),
  );
}
await client.close();
