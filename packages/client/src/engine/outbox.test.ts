import { equalBytes } from "@sotto/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { BareAccount, p, Stranger } from "../../test/support/bare-account.ts";
import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import type { OutboxRecord } from "../records/outbox-record.ts";
import type { AppendRecord, AppendResult, RelayClient } from "../relay/relay-client.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { Outbox, type OutboxEvent } from "./outbox.ts";
import { Routes } from "./routes.ts";

const [HERE, THERE] = ["http://here.test", "http://there.test"];
const unreachable = (relay: string): MessengerError => new MessengerError("relay/unreachable", { relay });

let me: BareAccount;
let clock: VirtualClock;
let outbox: Outbox;
let routes: Routes;
/** Contacts by where they read. */
let here: ContactId;
let there: ContactId;
let both: ContactId;
let events: OutboxEvent[];
/** What each relay was asked to pin, by first byte of the tag, in order. */
let asked: Record<string, number[]>;
let bodies: Uint8Array[];
let answer: (relay: string, record: AppendRecord) => AppendResult;

beforeEach(async () => {
  me = await BareAccount.open();
  [here, there, both] = [await contactAt(HERE), await contactAt(THERE), await contactAt(HERE, THERE)];
  clock = new VirtualClock();
  [events, asked, bodies] = [[], { [HERE]: [], [THERE]: [] }, []];
  answer = () => "stored";
  const relay = (origin: string): RelayClient =>
    ({
      append: async (record: AppendRecord, { signal }: { signal: AbortSignal }) => {
        await Promise.resolve();
        if (signal.aborted) throw new MessengerError("aborted", {});
        asked[origin]?.push(record.tag[0] as number);
        bodies.push(record.body);
        return answer(origin, record);
      },
    }) as unknown as RelayClient;
  routes = new Routes(
    () => clock.now(),
    () => 0.999,
  );
  outbox = new Outbox({ state: me.state, writer: me.writer, clock, routes, relay });
  outbox.watch((event) => events.push(event));
});

async function contactAt(...relays: readonly string[]): Promise<ContactId> {
  const contact = new Stranger().contact(undefined, { relays });
  await me.change((tx) => tx.contacts.put(contact));
  return contact.id;
}

/** Puts cells into the outbox; the first byte of their tags is their number. */
async function enqueue(...cells: readonly (Partial<OutboxRecord> & { number: number })[]): Promise<void> {
  await me.change((tx) => {
    for (const { number, ...cell } of cells) {
      const tag = new Uint8Array(16).fill(number);
      const rest = { account: here, bits: 0, prefix: new Uint8Array(8), body: p.randomBytes(64), plaintext: new Uint8Array() };
      const lane = { kind: "session", device: "none" } as const;
      tx.outbox.put({
        place: number,
        tag,
        lane,
        message: null,
        after: null,
        hello: null,
        conflicts: 0,
        ...rest,
        ...cell,
      });
    }
  });
  outbox.kick();
}

describe("the outbox", () => {
  test("sends nothing before it is opened, then everything in order, and is empty", async () => {
    await enqueue({ number: 2 }, { number: 1 }, { number: 3 });
    await clock.advance(0);
    expect(asked[HERE]).toEqual([]);
    outbox.open();
    await clock.advance(0);
    expect([asked[HERE], outbox.empty]).toEqual([[1, 2, 3], true]);
    expect(events).toEqual([1, 2, 3].map((place) => ({ type: "settled", place, relay: HERE })));
  });

  test("tries the identical bytes again, after longer and longer pauses, and keeps the order", async () => {
    answer = (relay) => {
      throw unreachable(relay);
    };
    outbox.open();
    await enqueue({ number: 1 }, { number: 2 });
    await clock.advance(0);
    expect(clock.next).toBe(499);
    await clock.advance(499);
    expect(clock.next).toBe(999);
    answer = () => "duplicate";
    await clock.advance(999);
    expect([asked[HERE], outbox.empty]).toEqual([[1, 1, 1, 2], true]);
    expect(bodies[0]).toEqual(bodies[2]);
    expect(events.filter(({ type }) => type === "waiting")).toHaveLength(2);
  });

  test("waits as long as a relay asks, unless it is told that something changed", async () => {
    answer = () => {
      throw new MessengerError("relay/rate-limited", { retryAfter: 60_000 });
    };
    outbox.open();
    await enqueue({ number: 1 });
    await clock.advance(59_999);
    expect(asked[HERE]).toEqual([1]);
    answer = () => "stored";
    outbox.retryNow();
    await clock.advance(0);
    expect([asked[HERE], outbox.empty]).toEqual([[1, 1], true]);
  });

  test("lets no relay wait for another, but a cell for the one that must be stored before it", async () => {
    answer = (relay) => {
      if (relay === HERE) throw unreachable(relay);
      return "stored";
    };
    outbox.open();
    await enqueue({ number: 1 }, { number: 2, account: there }, { number: 3, account: there, after: 1 }, { number: 4, account: there });
    await clock.advance(0);
    expect(asked[THERE]).toEqual([2]);
    answer = () => "stored";
    await clock.advance(60_000);
    outbox.kick();
    await clock.advance(0);
    expect([asked[THERE], outbox.empty]).toEqual([[2, 3, 4], true]);
  });

  test("stopped in a pause or in a request leaves what was not answered for", async () => {
    answer = (relay) => {
      throw unreachable(relay);
    };
    outbox.open();
    await enqueue({ number: 1 });
    await clock.advance(0);
    await outbox.stop();
    outbox.kick();
    await clock.advance(60_000);
    expect([asked[HERE], me.state.outbox.size, clock.pending]).toEqual([[1], 1, 0]);
  });

  test("goes to the receiver's next relay when the first is gone, the identical bytes in order, and back when it is there again", async () => {
    const gone = new Set([HERE]);
    answer = (relay) => {
      if (gone.has(relay)) throw unreachable(relay);
      return "stored";
    };
    outbox.open();
    await enqueue({ number: 1, account: both }, { number: 2, account: both }, { number: 3 });
    await clock.advance(14_000);
    expect(asked[THERE]).toEqual([]);
    await clock.advance(2_000);
    expect([asked[THERE], me.state.outbox.size]).toEqual([[1, 2], 1]);
    expect(bodies.at(-1)).not.toEqual(bodies[0]);
    expect(bodies.filter((body) => equalBytes(body, bodies[0] as Uint8Array)).length).toBe(
      (asked[HERE] ?? []).filter((n) => n === 1).length + 1,
    );
    // Known to be gone: at once.
    await enqueue({ number: 4, account: both });
    await clock.advance(0);
    expect(asked[THERE]).toEqual([1, 2, 4]);
    gone.clear();
    await clock.advance(60_000);
    await enqueue({ number: 5, account: both });
    await clock.advance(0);
    expect([asked[THERE], asked[HERE]?.slice(-2), outbox.empty]).toEqual([[1, 2, 4], [3, 5], true]);
  });

  test("tells that nothing moves only when no relay of the receiver works, and sends when any does", async () => {
    const gone = new Set([HERE]);
    answer = (relay) => {
      if (gone.has(relay)) throw unreachable(relay);
      return "stored";
    };
    outbox.open();
    await enqueue({ number: 1, account: both });
    await clock.advance(20_000);
    expect(events.map(({ type }) => type)).toEqual(["settled"]);
    gone.add(THERE);
    await enqueue({ number: 2, account: both });
    await clock.advance(60_000);
    expect([events.filter(({ type }) => type === "waiting").length > 0, outbox.empty]).toEqual([true, false]);
    gone.delete(THERE);
    await clock.advance(120_000);
    expect([asked[THERE]?.at(-1), outbox.empty]).toEqual([2, true]);
  });

  test("a relay that waits to be asked is not passed by, one that refuses is", async () => {
    answer = (relay) => {
      if (relay === THERE) return "stored";
      throw new MessengerError("relay/rate-limited", { retryAfter: 60_000 });
    };
    outbox.open();
    await enqueue({ number: 1, account: both });
    await clock.advance(59_000);
    expect(asked[THERE]).toEqual([]);
    answer = (relay) => {
      if (relay === THERE) return "stored";
      throw new MessengerError("relay/rejected", { status: 403, code: "unknown" });
    };
    await clock.advance(2_000);
    expect([asked[THERE], outbox.empty]).toEqual([[1], true]);
    expect(me.commits.flatMap(({ happenings }) => happenings)).toEqual([]);
  });

  test("a relay that refused a cell is asked for the next one, although it stands where that one stood", async () => {
    answer = (relay) => {
      if (relay === THERE) throw unreachable(relay);
      throw new MessengerError("relay/rejected", { status: 403, code: "unknown" });
    };
    outbox.open();
    await enqueue({ number: 1, account: both });
    await clock.advance(1_000);
    await me.change((tx) => tx.outbox.delete("1"));
    answer = () => "stored";
    await enqueue({ number: 1 });
    await clock.advance(60_000);
    expect([asked[HERE], outbox.empty]).toEqual([[1, 1], true]);
  });

  test("follows a contact to other relays", async () => {
    answer = (relay) => {
      if (relay === HERE) throw unreachable(relay);
      return "stored";
    };
    outbox.open();
    await enqueue({ number: 1 });
    await clock.advance(1_000);
    await me.change((tx) => tx.changeContact(here, { relays: [THERE] }));
    outbox.kick();
    await clock.advance(60_000);
    expect([asked[THERE], outbox.empty]).toEqual([[1], true]);
  });

  test("drops what a relay refuses for good and goes on", async () => {
    answer = (_, { tag }) => {
      if (tag[0] === 1) throw new MessengerError("relay/rejected", { status: 400, code: "cell/invalid" });
      return "stored";
    };
    outbox.open();
    await enqueue({ number: 1 }, { number: 2 });
    await clock.advance(0);
    expect([asked[HERE], outbox.empty]).toEqual([[1, 2], true]);
    expect(me.commits.flatMap(({ happenings }) => happenings)).toMatchObject([{ type: "error", error: { code: "relay/rejected" } }]);
  });
});
