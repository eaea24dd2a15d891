import { beforeEach, describe, expect, test } from "vitest";
import { BareAccount, NOW, p, Stranger } from "../../test/support/bare-account.ts";
import type { ContactId } from "../api.ts";
import { BOARD_KEEPS_MS, MAX_KEPT_CELLS } from "../limits.ts";
import type { OutboxRecord } from "../records/outbox-record.ts";
import { forgetKept, keepCell, pinAgain } from "./kept-cells.ts";

const [FIRST, SECOND] = ["http://first.test", "http://second.test"];

let me: BareAccount;
let both: ContactId;
let one: ContactId;

beforeEach(async () => {
  me = await BareAccount.open();
  [both, one] = [await contactAt(FIRST, SECOND), await contactAt(FIRST)];
});

async function contactAt(...relays: readonly string[]): Promise<ContactId> {
  const contact = new Stranger().contact(undefined, { relays });
  await me.change((tx) => tx.contacts.put(contact));
  return contact.id;
}

/** A relay has taken a cell of this number. */
async function stored(number: number, relay: string, account: ContactId = both): Promise<void> {
  const tag = new Uint8Array(16);
  new DataView(tag.buffer).setUint32(0, number);
  const cell: OutboxRecord = {
    place: 1,
    bits: 0,
    prefix: new Uint8Array(8),
    tag,
    body: p.randomBytes(64),
    account,
    lane: { kind: "session", device: "laptop" },
    plaintext: new Uint8Array([1]),
    message: { conversation: account as never, place: number },
    after: null,
    hello: null,
    conflicts: 0,
  };
  await me.change((tx) => keepCell(tx, cell, relay));
}

const numbers = (cells: Iterable<{ tag: Uint8Array }>): number[] =>
  [...cells].map(({ tag }) => new DataView(tag.buffer, tag.byteOffset).getUint32(0));
const inOutbox = (): OutboxRecord[] => [...me.state.outbox.values()].toSorted((a, b) => a.place - b.place);

describe("cells that a relay has taken", () => {
  test("are pinned again in their order, without what they say, when their relay is gone; those at others stay", async () => {
    for (const number of [3, 1, 2]) await stored(number, FIRST);
    await stored(4, SECOND);
    await me.change((tx) => pinAgain(tx, FIRST, () => true));
    expect(numbers(inOutbox())).toEqual([3, 1, 2]);
    expect(inOutbox().map(({ lane, plaintext, message }) => [lane, plaintext.length, message])).toEqual(
      Array.from({ length: 3 }, () => [{ kind: "again" }, 0, null]),
    );
    expect(numbers(me.state.kept.values())).toEqual([4]);
    await me.change((tx) => pinAgain(tx, FIRST, () => true));
    expect(inOutbox()).toHaveLength(3);
  });

  test("stay where they are while their receiver reads nowhere else that works", async () => {
    await stored(1, FIRST);
    await me.change((tx) => pinAgain(tx, FIRST, (relays) => !relays.includes(SECOND)));
    expect([inOutbox(), me.state.kept.size]).toEqual([[], 1]);
  });

  test("are not kept for who reads at one relay only", async () => {
    await stored(1, FIRST, one);
    expect(me.state.kept.size).toBe(0);
  });

  test("are forgotten when they were read, or are older than a board keeps them", async () => {
    await stored(1, FIRST);
    await stored(2, FIRST);
    await me.change((tx) => forgetKept(tx, "phone", 1));
    await me.change((tx) => forgetKept(tx, "laptop", 1));
    expect(numbers(me.state.kept.values())).toEqual([2]);
    me.now = NOW + BOARD_KEEPS_MS;
    await me.change((tx) => pinAgain(tx, FIRST, () => true));
    expect([inOutbox(), me.state.kept.size]).toEqual([[], 0]);
  });

  test("are the newest few", async () => {
    for (let number = 0; number < MAX_KEPT_CELLS + 3; number++) await stored(number, FIRST);
    expect(numbers(me.state.kept.values()).toSorted((a, b) => a - b)[0]).toBe(3);
    expect(me.state.kept.size).toBe(MAX_KEPT_CELLS);
  });
});
