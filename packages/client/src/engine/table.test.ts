import { describe, expect, test } from "vitest";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { memory } from "../storage/memory.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { plainKind, Table } from "./table.ts";

interface Fruit {
  readonly name: string;
  readonly colour: string;
}

const kind = plainKind<Fruit>("fruit", ({ name }) => name);

async function store(): Promise<SealedStore> {
  return await SealedStore.create(memory(), nodePrimitives());
}

describe("a draft", () => {
  test("shows its own changes above the table, and changes nothing before it is applied", async () => {
    const table = new Table(kind);
    table.apply(new Map([["apple", { name: "apple", colour: "red" }]]));
    const draft = table.draft();
    draft.put({ name: "pear", colour: "green" });
    draft.put({ name: "apple", colour: "yellow" });
    draft.delete("plum");
    expect([...draft.values()].map(({ name, colour }) => `${colour} ${name}`).toSorted()).toEqual(["green pear", "yellow apple"]);
    expect([table.size, table.get("apple")?.colour]).toEqual([1, "red"]);
    draft.apply();
    expect([table.size, table.get("apple")?.colour]).toEqual([2, "yellow"]);
  });

  test("that deletes what it put leaves nothing", () => {
    const draft = new Table(kind).draft();
    draft.put({ name: "pear", colour: "green" });
    draft.delete("pear");
    expect([draft.get("pear"), [...draft.values()]]).toEqual([undefined, []]);
  });

  test("is written and read again", async () => {
    const sealed = await store();
    const table = new Table(kind);
    const draft = table.draft();
    for (const name of ["apple", "pear", "plum"]) draft.put({ name, colour: "red" });
    await sealed.commit(draft.changes(sealed));
    draft.apply();
    const second = table.draft();
    second.delete("pear");
    await sealed.commit(second.changes(sealed));
    const again = new Table(kind);
    await again.load(sealed);
    expect([...again.values()].map(({ name }) => name).toSorted()).toEqual(["apple", "plum"]);
  });
});
