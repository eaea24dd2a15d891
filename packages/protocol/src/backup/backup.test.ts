import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzDecoder, mutations, testPrimitives } from "../../test/support/index.ts";
import { generateKeyPair, type PublicKey } from "../agreement/key-pair.ts";
import { be2, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { accountFromPhrase } from "../identity/account.ts";
import { newPhrase } from "../identity/phrase.ts";
import { BACKUP_INDEX_LENGTH, MAX_BACKUP_FILES, MAX_BACKUP_ITEM } from "../limits.ts";
import { BACKUP_PROOF_LENGTH, proveBackup } from "./author.ts";
import { backupKeyOf, type BackupLock, backupLockOf, verifyBackupLock } from "./backup-key.ts";
import { CHUNK_CONTENT, CHUNK_LENGTH, paddedChunks, sealChunk } from "./chunk.ts";
import { BACKUP_HEADER_LENGTH, newBackupHeader } from "./header.ts";
import { backupPlace, openBackupIndex, sealBackupIndex } from "./index-blob.ts";
import { utcDay } from "../meeting/public-address.ts";
import { BackupReader } from "./reader.ts";
import { BackupWriter } from "./writer.ts";

const p = testPrimitives("backup");
const code = (name: string): unknown => expect.objectContaining({ code: name });
const phrase = newPhrase(p);
const entropy = phrase.entropy.expose();
const lock = backupLockOf(p, entropy);
const key = backupKeyOf(p, entropy);

function written(items: Iterable<Uint8Array>): Uint8Array {
  const writer = new BackupWriter(p, lock);
  const parts = [writer.header];
  for (const item of items) parts.push(...writer.add(item));
  const { size } = writer;
  parts.push(...writer.end());
  const whole = concat(...parts);
  expect(whole.length).toBe(size);
  return whole;
}

function read(bytes: Uint8Array, ours = key, step = bytes.length): readonly Uint8Array[] {
  const reader = new BackupReader(p, ours);
  const items: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) items.push(...reader.read(bytes.subarray(at, at + step)));
  return [...items, ...reader.end()];
}

const items = (count: number, length = 1_000): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => new Uint8Array(length).fill(1 + (i % 255)));
const chunk = (bytes: Uint8Array, i: number): Uint8Array =>
  bytes.slice(BACKUP_HEADER_LENGTH + i * CHUNK_LENGTH, BACKUP_HEADER_LENGTH + (i + 1) * CHUNK_LENGTH);

describe("a backup", () => {
  test("gives back what was written, in pieces of any size", () => {
    const size = fc.integer({ min: 1, max: MAX_BACKUP_ITEM });
    fc.assert(
      fc.property(fc.array(size, { maxLength: 100 }), fc.integer({ min: 1_000, max: 200_000 }), (sizes, step) => {
        const given = sizes.map((length, i) => new Uint8Array(length).fill(i));
        expect(read(written(given), key, step)).toEqual(given);
      }),
      { numRuns: 20 },
    );
  });

  test("may end anywhere in a chunk", () => {
    for (let left = 0; left < 5; left++) {
      const given = [
        ...items(15, MAX_BACKUP_ITEM),
        new Uint8Array(CHUNK_CONTENT - BACKUP_PROOF_LENGTH - 15 * (MAX_BACKUP_ITEM + 2) - 2 - left).fill(7),
      ];
      expect(read(written(given))).toEqual(given);
    }
  });

  test("opens with the words alone, and with no others", () => {
    const file = written(items(3));
    expect(read(file, backupKeyOf(p, entropy))).toHaveLength(3);
    expect(() => read(file, backupKeyOf(p, newPhrase(p).entropy.expose()))).toThrow(code("backup/wrong-key"));
  });

  test("of a newer version, and what is none, say so", () => {
    const file = written(items(1));
    const newer = file.slice();
    newer[12] = 2;
    expect(() => read(newer)).toThrow(code("backup/newer"));
    for (const none of [new Uint8Array(), file.slice(0, 1_000), new Uint8Array(500_000)])
      expect(() => read(none)).toThrow(code("backup/damaged"));
  });

  test("refuses chunks that are missing, doubled, exchanged, or of another file", () => {
    const [file, other] = [written(items(600)), written(items(600))];
    const header = file.slice(0, BACKUP_HEADER_LENGTH);
    const chunks = Array.from({ length: (file.length - BACKUP_HEADER_LENGTH) / CHUNK_LENGTH }, (_, i) => chunk(file, i));
    expect(chunks.length).toBe(10);
    const [first, second] = chunks as [Uint8Array, Uint8Array];
    const wrong: readonly (readonly Uint8Array[])[] = [
      [],
      chunks.slice(0, -1),
      chunks.slice(1),
      [second, first, ...chunks.slice(2)],
      [first, ...chunks],
      [...chunks, chunks.at(-1) as Uint8Array],
      [chunk(other, 0), ...chunks.slice(1)],
    ];
    for (const attempt of wrong) expect(() => read(concat(header, ...attempt))).toThrow(code("backup/damaged"));
    expect(() => read(concat(other.slice(0, BACKUP_HEADER_LENGTH), ...chunks))).toThrow(code("backup/damaged"));
    expect(read(concat(header, ...chunks))).toHaveLength(600);
  });

  test("gives nothing that was changed, whatever was done to it", () => {
    const given = items(100);
    const file = written(given);
    fc.assert(
      fc.property(mutations(file), fc.integer({ min: 10_000, max: 500_000 }), (bytes, step) => {
        const reader = new BackupReader(p, key);
        const got: Uint8Array[] = [];
        const all = (): void => {
          for (let at = 0; at < bytes.length; at += step) for (const item of reader.read(bytes.subarray(at, at + step))) got.push(item);
          for (const item of reader.end()) got.push(item);
        };
        expect(all).toThrow(ProtocolError);
        expect(got).toEqual(given.slice(0, got.length));
      }),
      { numRuns: 25 },
    );
  });

  test.each<[string, (content: Uint8Array) => void]>([
    ["an item that is too large", (content) => content.set(be2(MAX_BACKUP_ITEM + 1))],
    ["something behind its end", (content) => content.set([0, 0, 0, 7])],
    ["something at the very end", (content) => content.set([7], content.length - 1)],
    ["no end", (content) => content.fill(1)],
  ])("whose writer broke the rules is refused: %s", (_, write) => {
    const header = newBackupHeader(p, lock);
    const content = new Uint8Array(CHUNK_CONTENT);
    content.set(proveBackup(p, lock.author, header.bytes));
    write(content.subarray(BACKUP_PROOF_LENGTH));
    const file = concat(header.bytes, sealChunk(p, header, { number: 0, last: true }, content));
    expect(() => read(file)).toThrow(code("backup/damaged"));
  });

  test("says who made it, and is of nobody who did not", () => {
    const device = generateKeyPair(p).publicKey;
    const byDevice = backupLockOf(p, entropy, device);
    const authorOf = (as: BackupLock): unknown => {
      const writer = new BackupWriter(p, as);
      const reader = new BackupReader(p, key);
      const first = [writer.header, ...writer.end()].flatMap((part) => [...reader.read(part)]);
      expect([...first, ...reader.end()]).toEqual([]);
      return reader.author;
    };
    expect(authorOf(lock)).toEqual(key.account);
    expect(authorOf(byDevice)).toEqual(device);
    // A device in the name of the account, of another device, of nobody.
    for (const author of [key.account, generateKeyPair(p).publicKey, new Uint8Array(33) as PublicKey]) {
      expect(() => authorOf({ ...lock, author: { ...byDevice.author, author } })).toThrow(code("backup/damaged"));
    }
  });

  test("takes no item that a reader would refuse", () => {
    const writer = new BackupWriter(p, lock);
    for (const item of [new Uint8Array(), new Uint8Array(MAX_BACKUP_ITEM + 1)]) {
      expect(() => [...writer.add(item)]).toThrow(code("argument/invalid"));
    }
  });

  test("has one of four sizes for each doubling, at least 256 KiB and less than a quarter on top", () => {
    expect([1, 4, 5, 8, 9, 15, 16, 17, 33, 1_000].map(paddedChunks)).toEqual([4, 4, 5, 8, 10, 16, 16, 20, 40, 1_024]);
    for (let needed = 4; needed < 3_000; needed++) expect(paddedChunks(needed) / needed).toBeLessThan(1.25);
    const sizes = new Set(Array.from({ length: 200 }, (_, i) => written(items(i)).length));
    expect(sizes.size).toBe(1);
  });
});

describe("the lock", () => {
  const account = accountFromPhrase(p, phrase).publicKey;

  test("verifies for its account, whole and unchanged", () => {
    const bytes = lock.bytes.expose();
    expect(verifyBackupLock(p, bytes, account)).toEqual(lock);
    expect(() => verifyBackupLock(p, bytes, accountFromPhrase(p, newPhrase(p)).publicKey)).toThrow(code("identity/bad-signature"));
    fuzzDecoder(bytes, (damaged) => verifyBackupLock(p, damaged, account), { refusesAll: true });
  });
});

describe("the index at a relay", () => {
  const place = backupPlace(p, lock.places, utcDay(1_800_000_000_000), 3);
  const index = { made: 1_800_000_000_000, device: key.account, files: items(MAX_BACKUP_FILES, 32) };

  test("is found from the words, has one size, and opens at its place only", () => {
    const [empty, full] = [sealBackupIndex(p, place, lock.author, { ...index, files: [] }), sealBackupIndex(p, place, lock.author, index)];
    expect([empty.length, full.length]).toEqual([BACKUP_INDEX_LENGTH, BACKUP_INDEX_LENGTH]);
    const found = backupPlace(p, backupKeyOf(p, entropy).places, 20_833, 3);
    expect(found).toEqual(place);
    expect(openBackupIndex(p, found, key, full)).toEqual(index);
    for (const [day, slot] of [
      [20_833, 2],
      [20_832, 3],
    ] as const) {
      expect(() => openBackupIndex(p, backupPlace(p, lock.places, day, slot), key, full)).toThrow(code("backup/damaged"));
    }
    fuzzDecoder(full, (damaged) => openBackupIndex(p, place, key, damaged), { refusesAll: true });
    expect(() => sealBackupIndex(p, place, lock.author, { ...index, files: items(MAX_BACKUP_FILES + 1, 32) })).toThrow(
      code("argument/invalid"),
    );
  });

  test("of a device without the words speaks for that device only", () => {
    const [device, other] = [generateKeyPair(p).publicKey, generateKeyPair(p).publicKey];
    const { author } = backupLockOf(p, entropy, device);
    const own = { ...index, device };
    expect(openBackupIndex(p, place, key, sealBackupIndex(p, place, author, own))).toEqual(own);
    const forged = [
      sealBackupIndex(p, place, author, { ...own, device: other }),
      sealBackupIndex(p, place, { ...author, author: other }, { ...own, device: other }),
      sealBackupIndex(p, place, { ...author, author: key.account }, { ...own, device: other }),
    ];
    for (const blob of forged) expect(() => openBackupIndex(p, place, key, blob)).toThrow(code("backup/damaged"));
  });
});
