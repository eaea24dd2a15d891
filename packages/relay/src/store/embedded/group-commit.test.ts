import { describe, expect, it } from "vitest";
import { GroupCommit } from "./group-commit.ts";

/** A disk that answers when it is told to; items are their own weights and results. */
function slowDisk(): { group: GroupCommit<number, number>; commits: { items: readonly number[]; finish: () => void; fail: () => void }[] } {
  const commits: { items: readonly number[]; finish: () => void; fail: () => void }[] = [];
  const commit = (items: readonly number[]): Promise<readonly number[]> =>
    new Promise((resolve, reject) => {
      commits.push({ items, finish: () => resolve(items), fail: () => reject(new Error("no disk")) });
    });
  return { group: new GroupCommit({ commit, most: 10, weight: (item) => item }), commits };
}

describe("GroupCommit", () => {
  it("commits at once what comes alone, and together what came meanwhile", async () => {
    const { group, commits } = slowDisk();
    const first = group.add(1);
    const rest = [2, 3, 4].map((item) => group.add(item));
    expect(commits.map(({ items }) => items)).toEqual([[1]]);
    commits[0]?.finish();
    expect(await first).toBe(1);
    expect(commits.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
    commits[1]?.finish();
    expect(await Promise.all(rest)).toEqual([2, 3, 4]);
    await group.idle();
    const later = group.add(5);
    commits[2]?.finish();
    expect(await later).toBe(5);
  });

  it("ends a group before it is too heavy, but never with nothing in it", async () => {
    const { group, commits } = slowDisk();
    const all = [1, 6, 4, 5, 30, 2].map((item) => group.add(item));
    for (const [i, each] of all.entries()) {
      for (const { finish } of commits) finish();
      expect(await each).toBe([1, 6, 4, 5, 30, 2][i]);
    }
    expect(commits.map(({ items }) => items)).toEqual([[1], [6, 4], [5], [30], [2]]);
  });

  it("tells everybody of a group that it failed, and goes on with the next", async () => {
    const { group, commits } = slowDisk();
    const [first, second, third] = [1, 2, 3].map((item) => group.add(item));
    commits[0]?.finish();
    await first;
    commits[1]?.fail();
    await expect(second).rejects.toThrow("no disk");
    await expect(third).rejects.toThrow("no disk");
    const fourth = group.add(4);
    commits[2]?.finish();
    expect(await fourth).toBe(4);
  });

  it("is idle when nothing waits, not before", async () => {
    const { group, commits } = slowDisk();
    await group.idle();
    const done: string[] = [];
    const all = [group.add(1), group.add(2)].map((each) => each.then((item) => done.push(`${item}`)));
    const idle = group.idle().then(() => done.push("idle"));
    commits[0]?.finish();
    await all[0];
    commits[1]?.finish();
    await Promise.all([...all, idle]);
    expect(done).toEqual(["1", "2", "idle"]);
  });
});
