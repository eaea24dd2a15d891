// When a device asks for a new session, and how long what it has to say waits for the answer (spec/08).

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acceptContactList } from "../../src/engine/device-lists.ts";
import { suspectClone } from "../../src/engine/clones.ts";
import { introduceToContact } from "../../src/engine/joining.ts";
import { receivePlaintext } from "../../src/engine/received-contents.ts";
import { askSoon, askWhereDue, sessionMended } from "../../src/engine/repair.ts";
import { isSuspected } from "../../src/engine/repairs.ts";
import { fitSessions, sessionsWith } from "../../src/engine/sessions.ts";
import type { Transaction } from "../../src/engine/transaction.ts";
import type { SessionRecord } from "../../src/records/session-record.ts";
import { BareAccount, NOW, p, Stranger } from "../support/bare-account.ts";
import { encodeContents, newContentId, newDevice } from "@sotto/protocol";

const DAY_MS = 24 * 60 * 60 * 1000;

let account: BareAccount;
let friend: Stranger;

beforeEach(async () => {
  [account, friend] = [await BareAccount.open(), new Stranger()];
  friend.devices.push(newDevice(p, 2));
  await account.change(async (tx) => {
    tx.contacts.put(friend.contact());
    await fitSessions(tx, friend.id, friend.list(1));
  });
});
afterEach(async () => await account.state.store.close());

const session = (tx: Transaction): SessionRecord => sessionsWith(tx, friend.id)[0] as SessionRecord;
const ask = async (renewing: boolean): Promise<void> => await account.change((tx) => askSoon(tx, session(tx), { renewing, due: tx.now }));

/** Restarts that are on their way once `days` have gone by since the beginning. */
async function asked(days: number): Promise<number> {
  account.now = NOW + days * DAY_MS;
  await account.change(askWhereDue);
  return [...account.state.outbox.values()].filter(({ lane }) => lane.kind === "restart").length;
}

describe("a restart that is not answered", () => {
  test.each([
    ["waits for a session", true],
    ["goes on with the session before", false],
  ])("is sent again ever more rarely, and before the board forgets it, by who %s", async (_, renewing) => {
    await account.change((tx) => introduceToContact(tx, tx.changeContact(friend.id, { bundles: friend.bundles() })));
    await ask(renewing);
    const counts: number[] = [];
    for (const day of [0, 0.9, 1, 2.9, 3, 6.9, 7, 13.9, 14, 20.9, 21]) counts.push(await asked(day));
    expect(counts).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]);
    await account.change((tx) => sessionMended(tx, session(tx).device));
    expect(await asked(60)).toBe(6);
  });

  test("is asked for within the hour after a clock that was years ahead was put right", async () => {
    account.now = NOW + 1_000 * DAY_MS;
    await ask(false);
    expect(await asked(1_000)).toBe(1);
    account.now = NOW;
    await ask(false);
    expect(await asked(0.05)).toBe(2);
  });
});

test("a suspicion outlives the device on whose session it arose", async () => {
  await account.change((tx) => suspectClone(tx, session(tx), "taken"));
  const [, left] = friend.devices;
  await account.change(async (tx) => {
    const contact = tx.contacts.get(friend.id);
    if (contact !== undefined && left !== undefined) await acceptContactList(tx, contact, friend.list(2, [left]));
    expect(sessionsWith(tx, friend.id)).toHaveLength(1);
    expect(isSuspected(tx, friend.id)).toBe(true);
  });
});

test("a stranger who says that a session was begun anew is not heard; a friend is", async () => {
  const restarted = encodeContents([{ type: "restarted", id: newContentId(p), sent: NOW, body: { key: newDevice(p, 3).keys.publicKey } }]);
  const hear = async (phase: "request" | "open"): Promise<readonly string[]> => {
    await account.change(async (tx) => {
      tx.changeContact(friend.id, { phase });
      await receivePlaintext(tx, session(tx), restarted);
    });
    return account.happenings.flatMap((happening) => (happening.type === "error" ? [happening.error.code] : []));
  };
  expect([await hear("request"), await hear("open")]).toEqual([[], ["session/peer-or-clone"]]);
});
