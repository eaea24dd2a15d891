// `npm run bench:backup -- --messages 100000`: seconds, processor time and memory of importing a backup into a new account on disk, and of exporting it
// again. The first backup is made here, of messages that never were.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAccount, sqliteFile } from "@sotto/client";
import { accountFromEntropy, backupLockOf, BackupWriter, encodeContents, parsePhrase, type Primitives } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { limitsWith, startRelay } from "@sotto/relay";

const { values } = parseArgs({ options: { messages: { type: "string", default: "100000" } } });
const count = Number(values.messages);
const p = nodePrimitives();
const folder = await mkdtemp(join(tmpdir(), "sotto-bench-"));
const relay = await startRelay({ dataDir: join(folder, "relay"), port: 0, host: "127.0.0.1", limits: limitsWith({}) });
const client = await createAccount({ relay: relay.url, storage: sqliteFile(join(folder, "account")) });
try {
  const { words } = await client.recovery.reveal();
  const entropy = parsePhrase(p, words.join(" ")).entropy.expose();
  const made = await timed("make", async () => new Blob([...notes(p, entropy, count)] as Uint8Array<ArrayBuffer>[]));
  await timed("import", async () => await client.backups.import(made));
  await timed("import again", async () => await client.backups.import(made));
  await timed("export", async () => await drained(client.backups.export()));
} finally {
  await client.close();
  await relay.stop();
  await rm(folder, { recursive: true });
}

/** A backup of notes to self. */
function* notes(primitives: Primitives, entropy: Uint8Array, messages: number): Generator<Uint8Array> {
  const account = accountFromEntropy(primitives, entropy).publicKey;
  const writer = new BackupWriter(primitives, backupLockOf(primitives, entropy));
  yield writer.header;
  for (let i = 0; i < messages; i++) {
    const head = { id: primitives.randomBytes(16), sent: Date.UTC(2026, 0, 1) + i * 60_000 };
    const note = { ...head, type: "text", order: i + 1, body: { text: `note ${i}: ${"lorem ipsum ".repeat(1 + (i % 8))}` } } as const;
    const body = { conversation: account, author: account, contents: [note], read: true };
    yield* writer.add(encodeContents([{ ...head, type: "copy", body }]));
  }
  yield* writer.end();
}

async function drained(stream: ReadableStream<Uint8Array>): Promise<number> {
  const reader = stream.getReader();
  let bytes = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) bytes += piece.value.length;
  return bytes;
}

/** Runs and prints: what it gave, seconds, the most memory that was seen while it ran. */
async function timed<T>(name: string, run: () => Promise<T>): Promise<T> {
  let most = 0;
  const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const started = performance.now();
  const usage = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(usage);
  clearInterval(sampling);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const processor = ((user + system) / 1e6).toFixed(1);
  const gave = JSON.stringify(result instanceof Blob ? result.size : result);
  process.stdout.write(`${name}: ${gave}, ${seconds} s, ${processor} s of processor, ${Math.round(most / 2 ** 20)} MiB resident at most\n`);
  return result;
}
