// What every store must do with one-time prekeys; a part of the store suite.

import { describe, expect, it } from "vitest";
import type { Store } from "../src/store/store.ts";
import { accountNumber, numbers, prekeyId, recordWith } from "./support/prekeys.ts";
import { temporaryDirectory } from "./support/temporary.ts";
import { linesUntilKilled } from "./support/until-killed.ts";

/** A store in a directory, a new one by default, closed when the running test has finished. */
type Open = (directory?: string) => Promise<Store>;

/**
 * Registers the tests.
 * @param takeForever a program that takes a directory and a number of accounts, and prints "account id" of each prekey that it was handed
 */
export function prekeySuite(open: Open, takeForever: string): void {
  describe("one-time prekeys", () => {
    it("are handed out once each, one of each device, until none is left", async () => {
      const store = await open();
      await store.putRecord(recordWith(1, 1, [10, 11, 12], [20]));
      const first = await store.takeRecord(accountNumber(1));
      expect(first?.bundles.map(({ bytes }) => bytes)).toEqual([Uint8Array.of(1, 1), Uint8Array.of(2, 1)]);
      expect(first?.bundles[1]?.oneTime).toEqual({ list: recordWith(1, 1, [], [20]).bundles[1]?.oneTime?.list, taken: 0 });
      const rest = [await taken(store, 1), await taken(store, 1)];
      expect([prekeyOf(first), ...rest.map(([id]) => id)].toSorted()).toEqual([10, 11, 12]);
      expect(rest.map((ids) => ids[1])).toEqual([undefined, undefined]);
      expect(await store.takeRecord(accountNumber(1))).toEqual(await store.record(accountNumber(1)));
      expect(await store.takeRecord(accountNumber(2))).toBeUndefined();
    });

    it("are not used up by a look", async () => {
      const store = await open();
      await store.putRecord(recordWith(1, 1, [10]));
      for (let i = 0; i < 3; i++) expect((await store.record(accountNumber(1)))?.bundles).toEqual([{ bytes: Uint8Array.of(1, 1) }]);
      expect(await taken(store, 1)).toEqual([10]);
    });

    it("are different ones for everybody who asks at the same time", async () => {
      const store = await open();
      for (const account of [1, 2]) await store.putRecord(recordWith(account, 1, numbers(0, 60)));
      const asked = await Promise.all(numbers(0, 150).map((n) => taken(store, 1 + (n % 2))));
      for (const parity of [0, 1]) {
        const ids = asked.flatMap(([id], n) => (n % 2 === parity && id !== undefined ? [id] : []));
        expect(ids.toSorted((a, b) => a - b)).toEqual(numbers(0, 60));
      }
    });

    it("stay handed out when the store is opened anew, when the same bundle comes again, and in the device's next lists", async () => {
      const directory = temporaryDirectory();
      const store = await open(directory);
      await store.putRecord(recordWith(1, 1, [10, 11, 12, 13]));
      const handedOut = [...(await taken(store, 1)), ...(await taken(store, 1))];
      await store.putRecord(recordWith(1, 1, [10, 11, 12, 13]));
      await store.close();
      const again = await open(directory);
      // The device saw one of them used, and has others instead.
      const unused = numbers(10, 4).filter((id) => id !== handedOut[0]);
      await again.putRecord(recordWith(1, 2, [14, ...unused]));
      await again.putRecord(recordWith(1, 3, [...unused, 14]));
      const later = [await taken(again, 1), await taken(again, 1), await taken(again, 1)].flat();
      expect([...handedOut, ...later].toSorted()).toEqual([10, 11, 12, 13, 14]);
      expect(await taken(again, 1)).toEqual([undefined]);
    });

    it("of a bundle that is refused, of another account, or of a device that left are not touched", async () => {
      const store = await open();
      await store.putRecord(recordWith(1, 5, [10], [20]));
      await store.putRecord(recordWith(2, 5, [30]));
      await expect(store.putRecord(recordWith(1, 4, [99], [98]))).rejects.toMatchObject({ code: "directory/stale" });
      const { list, account } = recordWith(1, 5);
      await store.putRecord({ account, list: { ...list, version: 2 }, devices: [2], bundles: [] });
      expect(await taken(store, 1)).toEqual([20]);
      expect(await taken(store, 2)).toEqual([30]);
    });

    it("that were accepted are finished by closing; later ones are refused", async () => {
      const store = await open();
      await store.putRecord(recordWith(1, 1, numbers(0, 100)));
      const accepted = numbers(0, 100).map(() => taken(store, 1));
      const closed = store.close();
      await expect(store.takeRecord(accountNumber(1))).rejects.toMatchObject({ code: "relay/stopping" });
      expect(new Set((await Promise.all(accepted)).flat())).toEqual(new Set(numbers(0, 100)));
      await closed;
    });

    it("are never handed out twice, and hardly any is lost, through kill -9", { timeout: 60_000 }, async () => {
      const directory = temporaryDirectory();
      const store = await open(directory);
      const accounts = 30;
      for (const account of numbers(0, accounts)) await store.putRecord(recordWith(account, 1, numbers(0, 100)));
      await store.close();
      const handedOut: string[] = [];
      const kills = [3, 120, 400];
      for (const wanted of kills) handedOut.push(...(await linesUntilKilled(takeForever, [directory, `${accounts}`], wanted)));
      const again = await open(directory);
      const rest = numbers(0, accounts).flatMap((account) =>
        numbers(0, 100).map(async () => `${account} ${(await taken(again, account))[0]}`),
      );
      const all = [...handedOut, ...(await Promise.all(rest)).filter((line) => !line.endsWith("undefined"))];
      expect(new Set(all).size).toBe(all.length);
      // Lost are those whose answers were under way: at most 8 each time.
      expect(accounts * 100 - all.length).toBeLessThanOrEqual(8 * kills.length);
    });
  });
}

/** Takes a record, and gives the id of the prekey that each of its devices handed out. */
async function taken(store: Store, account: number): Promise<(number | undefined)[]> {
  const record = await store.takeRecord(accountNumber(account));
  return (record?.bundles ?? []).map(({ oneTime }) => oneTime && prekeyId(oneTime.list, oneTime.taken));
}

function prekeyOf(record: Awaited<ReturnType<Store["takeRecord"]>>): number | undefined {
  const oneTime = record?.bundles[0]?.oneTime;
  return oneTime && prekeyId(oneTime.list, oneTime.taken);
}
