// Accidents to what a device stored of its sessions, for tests. The client is closed before and opened again after. Not a concern here: what
// comes of it.

import { decodeSessionRecord, encodeSessionRecord } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { type Change, SealedStore } from "../../src/storage/sealed-store.ts";
import type { Person } from "./world.ts";

/** Where a stored session says how long its record is: after the format and two keys. */
const RECORD_LENGTH = 67;

/** Closes a person's client and takes away every record of a table. Gives how many there were. */
export async function loseTable({ client, storage }: Pick<Person, "client" | "storage">, table = "sessions"): Promise<number> {
  await client.close();
  const store = await SealedStore.open((storage as MemoryStorage).reopen(), nodePrimitives());
  const changes: Change[] = [];
  for await (const [key] of store.scan(table)) changes.push({ table, key, deleted: true });
  await store.commit(changes);
  await store.close();
  return changes.length;
}

/**
 * Closes a person's client and spoils the key with which each session's next message is made, but not the place where it is pinned: the other
 * side finds a genuine cell that its session cannot open.
 */
export async function spoilSending({ client, storage }: Person): Promise<void> {
  await client.close();
  const store = await SealedStore.open((storage as MemoryStorage).reopen(), nodePrimitives());
  const changes: Change[] = [];
  for await (const [key, value] of store.scan("sessions")) {
    const stored = value as { session: Uint8Array };
    const length = new DataView(stored.session.buffer, stored.session.byteOffset).getUint32(RECORD_LENGTH);
    const start = RECORD_LENGTH + 4;
    const record = decodeSessionRecord(stored.session.subarray(start, start + length));
    const { current } = record;
    if (current === undefined) continue;
    const { sending } = current.ratchet;
    const ratchet = { ...current.ratchet, sending: { ...sending, key: sending.key.map((byte) => byte ^ 1) } };
    const session = stored.session.slice();
    session.set(encodeSessionRecord({ ...record, current: { ...current, ratchet } }), start);
    changes.push({ table: "sessions", key, value: { ...stored, session } });
  }
  await store.commit(changes);
  await store.close();
}

/** Closes a person's client and damages every record of its sessions on the disk. Gives how many there were. */
export async function damageSessions({ client, storage }: Person): Promise<number> {
  await client.close();
  const disk = (storage as MemoryStorage).reopen();
  const store = await SealedStore.open(disk, nodePrimitives());
  const keys: string[] = [];
  for await (const [key] of store.scan("sessions")) keys.push(Buffer.from(key).toString("hex"));
  await store.close();
  const range = { from: new Uint8Array(), to: new Uint8Array(64).fill(255) };
  const all = disk.reopen();
  for await (const [key, value] of all.scan(range)) {
    const ofSession = keys.some((opaque) => Buffer.from(key).toString("hex").endsWith(opaque));
    if (ofSession) await all.batch([{ put: key, value: value.with(40, (value[40] as number) ^ 1) }]);
  }
  return keys.length;
}
