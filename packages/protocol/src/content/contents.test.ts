import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOW, person } from "../../test/messages/people.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { BACKUP_LOCK_LENGTH } from "../backup/backup-key.ts";
import { type CborInput, encodeCbor } from "../cbor.ts";
import { MAX_CONTENTS, MAX_PAYLOAD, MAX_RECEIPT_IDS, MAX_TEXT_LENGTH } from "../limits.ts";
import { Secret } from "../secret.ts";
import { encodeCard } from "../meeting/card.ts";
import { MAX_STATIC_PLAINTEXT } from "../session/static-session.ts";
import { contactPhases } from "./contact.ts";
import { type Content, type ContentType, type KnownContent, decodeContents, encodeContents, newContentId } from "./contents.ts";

const p = testPrimitives();
const code = (name: string): unknown => expect.objectContaining({ code: name });
const id = (n: number): Uint8Array => new Uint8Array(16).fill(n);
const text = (content: string, n = 1): KnownContent => ({ type: "text", id: id(n), sent: NOW, body: { text: content } });
const key = (n: number): Uint8Array => new Uint8Array(33).fill(n);

// Every type with every optional part, and random values within bounds.
const ids = fc.uint8Array({ minLength: 16, maxLength: 16 });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const time = fc.maxSafeNat();
const place = fc.oneof(
  fc.constant({}),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map((order) => ({ order })),
);
const name = fc.string({ unit: fc.constantFrom("a", "é", "字", "👩"), maxLength: 60 });
const stamp = fc.record({ at: time, by: fc.nat(127) });
const state = fc.record({ version: fc.maxSafeNat(), hash });
const lists = fc.oneof(fc.record({ mine: state }), fc.record({ mine: state, yours: state }));
const secret = hash.map((bytes) => new Secret(bytes));
const cardBytes = fc.uint8Array({ maxLength: 300 });
const contact = fc.record({
  card: cardBytes,
  requestKey: secret,
  phase: fc.constantFrom(...contactPhases),
  verified: fc.boolean(),
  assessed: fc.maxSafeNat(),
  alarmed: fc.maxSafeNat(),
  changed: stamp,
  keyed: stamp,
  named: stamp,
});
const conversationKey = fc.constant(key(7));
const draft = fc.tuple(fc.string({ unit: "grapheme", maxLength: 200 }), stamp).map(([of, at]) => ({ text: of, ...at }));
const listing = fc
  .tuple(fc.record({ pinned: fc.boolean(), archived: fc.boolean(), muted: time }), stamp)
  .map(([of, at]) => ({ ...of, ...at }));
const named = fc.tuple(name, stamp).map(([of, at]) => ({ name: of, ...at }));
const namedDevice = fc.tuple(fc.integer({ min: 1, max: 127 }), named).map(([device, of]) => ({ device, ...of }));

const relayAt = (n: number) => ({ address: `https://relay${n}.example`, board: id(n), cursor: n });

/** A body of every type; that of a copy holds others. */
const bodies: { readonly [Type in Exclude<ContentType, "copy">]: fc.Arbitrary<unknown> } = {
  hello: fc.record({ card: cardBytes, lists }),
  card: fc.record({ card: cardBytes, lists }),
  "device-list": fc.oneof(fc.record({ list: cardBytes }), fc.record({ list: cardBytes, requestKey: secret })),
  text: fc.record({ text: fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }) }),
  receipt: fc.record({ delivered: fc.array(ids, { maxLength: 5 }), read: fc.array(ids, { maxLength: 5 }) }),
  contact: fc.oneof(
    contact,
    fc.tuple(contact, name).map(([body, own]) => ({ ...body, name: own })),
  ),
  profile: fc.record({ name }),
  "request-key": fc.record({ key: secret }),
  restarted: fc.record({ key: fc.uint8Array({ minLength: 33, maxLength: 33 }) }),
  ping: fc.record({ turn: fc.constantFrom(0, 1, 2, 3, 4) }),
  "account-state": fc.oneof(
    fc.record({ names: fc.array(namedDevice, { maxLength: 16 }), profile: named, published: fc.boolean() }),
    fc.record({ names: fc.constant([]), profile: named, published: fc.constant(true), handle: fc.constant("alice") }),
  ),
  read: fc.record({ conversation: conversationKey, ids: fc.array(ids, { minLength: 1, maxLength: 5 }) }),
  conversation: fc.oneof(
    fc.record({ conversation: conversationKey, draft }),
    fc.record({ conversation: conversationKey, listing }),
    fc.record({ conversation: conversationKey, draft, listing }),
  ),
  "backup-lock": fc.record({ lock: hash.map((bytes) => new Secret(new Uint8Array(BACKUP_LOCK_LENGTH).fill(bytes[0] as number))) }),
  relays: fc.record({
    chosen: time,
    places: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 12 }), time)
      .map(([own, left, until]) => Array.from({ length: own + left }, (_, n) => (n < own ? relayAt(n) : { ...relayAt(n), until }))),
  }),
};

const known = Object.entries(bodies).map(([type, body]) =>
  fc.tuple(ids, time, place, body).map(([one, sent, order, of]) => ({ type, id: one, sent, ...order, body: of }) as Content),
);
const simple: fc.Arbitrary<Content> = fc.oneof(
  ...known,
  fc
    .tuple(ids, time, place, fc.constantFrom("reaction", "unknown", "constructor"), fc.uint8Array({ maxLength: 20 }))
    .map(([one, sent, order, type, body]) => ({
      ...{ type: "unknown" as const, id: one, sent, ...order },
      ...{ name: type, body: new Map([["x", body]]) },
    })),
);
const several = (item: fc.Arbitrary<Content>): fc.Arbitrary<Content[]> =>
  fc.uniqueArray(item, { minLength: 1, maxLength: 4, selector: (content) => content.id.join() });
const copy: fc.Arbitrary<Content> = fc
  .tuple(ids, time, several(simple), fc.boolean(), fc.option(time, { nil: undefined }))
  .map(([one, sent, contents, read, delivered]) => {
    const body = { conversation: key(1), author: key(2), contents, read, ...(delivered === undefined ? {} : { delivered }) };
    return { type: "copy", id: one, sent, body };
  });

const item = (change: { readonly [field: string]: CborInput | undefined } = {}): CborInput => ({
  type: "text",
  id: id(1),
  sent: 1,
  body: { text: "x" },
  ...change,
});

describe("contents", () => {
  test("of every type come back, alone and together, and as copies", () => {
    fc.assert(
      fc.property(several(fc.oneof({ arbitrary: simple, weight: 4 }, { arbitrary: copy, weight: 1 })), (contents) => {
        const bytes = encodeContents(contents);
        fc.pre(bytes.length <= MAX_PAYLOAD);
        const read = decodeContents(bytes);
        expect(encodeContents(read)).toEqual(bytes);
        expect(exposed(read)).toEqual(exposed(contents));
      }),
      { numRuns: 300 },
    );
  });

  test("of a newer version keep their bytes, beside those that are known", () => {
    const bytes = encodeCbor([item(), item({ type: "poll", id: id(2), body: { choices: ["a", { deep: [null, true] }] } })]);
    const read = decodeContents(bytes);
    expect(read[1]).toMatchObject({ type: "unknown", name: "poll" });
    expect(encodeContents(read)).toEqual(bytes);
  });

  test("one to sixteen in a message", () => {
    const many = (count: number): Content[] => Array.from({ length: count }, (_, i) => text("x", i));
    expect(decodeContents(encodeContents(many(MAX_CONTENTS)))).toHaveLength(MAX_CONTENTS);
    expect(() => encodeContents(many(MAX_CONTENTS + 1))).toThrow(code("argument/invalid"));
    expect(() => encodeContents([])).toThrow(code("argument/invalid"));
    expect(() => decodeContents(encodeCbor([]))).toThrow(code("content/invalid"));
    const tooMany = Array.from({ length: 17 }, (_, i) => item({ id: id(i) }));
    expect(() => decodeContents(encodeCbor(tooMany))).toThrow(code("content/invalid"));
  });

  test("ids are fresh and have 16 bytes", () => {
    expect(newContentId(p)).toHaveLength(16);
    expect(newContentId(p)).not.toEqual(newContentId(p));
  });

  const state32 = { version: 1, hash: new Uint8Array(32) };
  const never = { at: 0, by: 0 };
  const stamps = { changed: never, keyed: never, named: never };
  const contactOf = (change: { readonly [field: string]: CborInput | undefined }): CborInput =>
    item({
      type: "contact",
      body: { card: id(1), requestKey: new Uint8Array(32), phase: "open", verified: true, assessed: 0, alarmed: 0, ...stamps, ...change },
    });
  const accountOf = (change: { readonly [field: string]: CborInput | undefined }): CborInput =>
    item({ type: "account-state", body: { names: [], profile: { name: "", ...never }, published: true, ...change } });
  const conversationOf = (change: { readonly [field: string]: CborInput | undefined }): CborInput =>
    item({ type: "conversation", body: { conversation: key(1), draft: { text: "", ...never }, ...change } });
  const copyOf = (contents: CborInput): CborInput =>
    item({ type: "copy", body: { conversation: key(1), author: key(2), contents, read: false } });
  const relaysOf = (places: CborInput): CborInput => item({ type: "relays", body: { chosen: 1, places } });

  test.each<[string, CborInput]>([
    ["a message that is a map", item()],
    ["a content that is an array", [[]]],
    ["a content without an id", [item({ id: undefined })]],
    ["an id of 15 bytes", [item({ id: new Uint8Array(15) })]],
    ["an id of 17 bytes", [item({ id: new Uint8Array(17) })]],
    ["an id that is text", [item({ id: "0123456789abcdef" })]],
    ["a negative time", [item({ sent: -1 })]],
    ["a time that is text", [item({ sent: "now" })]],
    ["an order before the first", [item({ order: 0 })]],
    ["an order that is text", [item({ order: "1" })]],
    ["no body", [item({ body: undefined })]],
    ["no body in a newer type", [item({ type: "poll", body: undefined })]],
    ["a body that is text", [item({ body: "x" })]],
    ["a field too many", [item({ extra: 1 })]],
    ["a field too many in a body", [item({ body: { text: "x", bold: true } })]],
    ["a field too many in a newer type", [item({ type: "poll", extra: 1 })]],
    ["a type with a long name", [item({ type: "x".repeat(33) })]],
    ["two contents with one id", [item(), item()]],
    ["an empty text", [item({ body: { text: "" } })]],
    ["a text of one byte too many", [item({ body: { text: `${"é".repeat(MAX_TEXT_LENGTH / 2)}x` } })]],
    ["a text that is bytes", [item({ body: { text: id(1) } })]],
    ["a receipt for a short id", [item({ type: "receipt", body: { delivered: [new Uint8Array(8)], read: [] } })]],
    ["a receipt without a part", [item({ type: "receipt", body: { delivered: [] } })]],
    ["a receipt that names too many", [item({ type: "receipt", body: { delivered: Array.from({ length: 201 }, () => id(1)), read: [] } })]],
    ["a hello without lists", [item({ type: "hello", body: { card: id(1) } })]],
    ["a hello with half a list state", [item({ type: "hello", body: { card: id(1), lists: { mine: { version: 1 } } } })]],
    ["a hello with a short hash", [item({ type: "hello", body: { card: id(1), lists: { mine: { version: 1, hash: id(1) } } } })]],
    ["a hello with a third list", [item({ type: "hello", body: { card: id(1), lists: { mine: state32, theirs: state32 } } })]],
    ["a restarted session without a whole key", [item({ type: "restarted", body: { key: new Uint8Array(32) } })]],
    ["a ping of a sixth turn", [item({ type: "ping", body: { turn: 5 } })]],
    ["a name that turns the text around it", [item({ type: "profile", body: { name: "\u202Ex" } })]],
    ["a name too long", [item({ type: "profile", body: { name: "x".repeat(65) } })]],
    ["a short request key", [item({ type: "request-key", body: { key: id(1) } })]],
    ["a device's name that hides", [accountOf({ names: [{ device: 1, name: "\u202Ex", ...never }] })]],
    ["a name of no device", [accountOf({ names: [{ name: "x", ...never }] })]],
    ["a name that was given at no time", [accountOf({ names: [{ device: 1, name: "x" }] })]],
    ["a person's name that hides", [accountOf({ profile: { name: "\u202Ex", ...never } })]],
    ["a contact in a phase of its own", [contactOf({ phase: "married" })]],
    ["a contact that was assessed before its first list", [contactOf({ assessed: -1 })]],
    ["a contact that is verified a little", [contactOf({ verified: 1 })]],
    ["a contact with a bad name", [contactOf({ name: "a\nb" })]],
    ["a device named without an id", [accountOf({ names: [{ device: 0, name: "x", ...never }] })]],
    ["a device with a name that breaks lines", [accountOf({ names: [{ device: 1, name: "a\nb", ...never }] })]],
    ["17 named devices", [accountOf({ names: Array.from({ length: 17 }, () => ({ device: 1, name: "x", ...never })) })]],
    ["a handle too long", [accountOf({ handle: "x".repeat(33) })]],
    ["a contact changed by no device there can be", [contactOf({ changed: { at: 1, by: 128 } })]],
    ["a contact changed at no time", [contactOf({ keyed: { by: 1 } })]],
    ["a device list with a short key", [item({ type: "device-list", body: { list: id(1), requestKey: id(1) } })]],
    ["nothing that was read", [item({ type: "read", body: { conversation: key(1), ids: [] } })]],
    ["too much that was read", [item({ type: "read", body: { conversation: key(1), ids: Array.from({ length: 201 }, () => id(1)) } })]],
    ["a short id that was read", [item({ type: "read", body: { conversation: key(1), ids: [new Uint8Array(15)] } })]],
    ["a conversation with nobody", [conversationOf({ conversation: id(1) })]],
    ["a conversation that did not change", [conversationOf({ draft: undefined })]],
    ["a draft too long", [conversationOf({ draft: { text: "é".repeat(MAX_TEXT_LENGTH / 2 + 1), ...never } })]],
    ["a draft with a field too many", [conversationOf({ draft: { text: "", bold: true, ...never } })]],
    ["a conversation muted by yes", [conversationOf({ listing: { pinned: true, archived: false, muted: true, ...never } })]],
    [
      "a copy that does not say whether it was read",
      [item({ type: "copy", body: { conversation: key(1), author: key(2), contents: [item()] } })],
    ],
    ["no relays", [relaysOf([])]],
    ["only relays that were left", [relaysOf([{ ...relayAt(1), until: 1 }])]],
    ["five relays", [relaysOf([1, 2, 3, 4, 5].map(relayAt))]],
    ["a relay twice", [relaysOf([relayAt(1), { ...relayAt(1), until: 1 }])]],
    ["a relay with a user", [relaysOf([{ ...relayAt(1), address: "https://me@relay.example" }])]],
    ["a relay without a cursor", [relaysOf([{ ...relayAt(1), cursor: undefined }])]],
    ["a relay with a short board", [relaysOf([{ ...relayAt(1), board: new Uint8Array(15) }])]],
    ["a relay that is more", [relaysOf([{ ...relayAt(1), trusted: true }])]],
    ["relays of no time", [item({ type: "relays", body: { places: [relayAt(1)] } })]],
    ["a copy of nothing", [copyOf([])]],
    ["a copy of a copy", [copyOf([copyOf([item()])])]],
    ["a copy that is no array", [copyOf({})]],
    ["a copy of what is invalid", [copyOf([item({ body: { text: "" } })])]],
  ])("%s is refused", (_, value) => {
    expect(() => decodeContents(encodeCbor(value))).toThrow(code("content/invalid"));
  });

  test("what is refused above is refused for what it says: the same message without the fault is read", () => {
    expect(decodeContents(encodeCbor([item()]))).toHaveLength(1);
    expect(decodeContents(encodeCbor([contactOf({ name: "Bob" })]))).toHaveLength(1);
    expect(decodeContents(encodeCbor([copyOf([item()])]))).toHaveLength(1);
    expect(decodeContents(encodeCbor([accountOf({ names: [{ device: 1, name: "x", ...never }] })]))).toHaveLength(1);
    expect(decodeContents(encodeCbor([conversationOf({})]))).toHaveLength(1);
    expect(decodeContents(encodeCbor([relaysOf([relayAt(1), { ...relayAt(2), until: 1 }])]))).toHaveLength(1);
    expect(decodeContents(encodeCbor([item({ type: "hello", body: { card: id(1), lists: { mine: state32 } } })]))).toHaveLength(1);
    expect(decodeContents(encodeCbor([item({ body: { text: "é".repeat(MAX_TEXT_LENGTH / 2) } })]))).toHaveLength(1);
  });

  test("longer than a cell nothing is read", () => {
    expect(() => decodeContents(new Uint8Array(MAX_PAYLOAD + 1))).toThrow(code("content/invalid"));
  });

  test.each<[string, Content, string]>([
    ["an empty text", text(""), "argument/invalid"],
    ["a text too long", text("é".repeat(MAX_TEXT_LENGTH)), "message/too-large"],
    ["a text with half of a surrogate pair", text("\uD83D"), "argument/invalid"],
    ["a short id", { ...text("x"), id: new Uint8Array(8) }, "argument/invalid"],
    ["a negative time", { ...text("x"), sent: -1 }, "argument/invalid"],
    ["a time with a fraction", { ...text("x"), sent: 1.5 }, "argument/invalid"],
    ["a bad name", { type: "profile", id: id(1), sent: 1, body: { name: "\u0000" } }, "argument/invalid"],
    [
      "a copy of a copy",
      {
        type: "copy",
        id: id(1),
        sent: 1,
        body: {
          conversation: key(1),
          author: key(1),
          contents: [
            { type: "copy", id: id(1), sent: 1, body: { conversation: key(1), author: key(1), contents: [text("x")], read: false } },
          ],
          read: false,
        },
      },
      "argument/invalid",
    ],
    [
      "a receipt that names too many",
      { type: "receipt", id: id(1), sent: 1, body: { delivered: [], read: Array.from({ length: MAX_RECEIPT_IDS + 1 }, () => id(1)) } },
      "argument/invalid",
    ],
  ])("%s is not written", (_, content, error) => {
    expect(() => encodeContents([content])).toThrow(code(error));
  });

  test("the longest text fits a cell as a copy, with the largest numbers and four receipts", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const longest: Content = { type: "text", id: id(1), sent: most, order: most, body: { text: "é".repeat(MAX_TEXT_LENGTH / 2) } };
    const receipt: Content = {
      type: "receipt",
      id: id(2),
      sent: Number.MAX_SAFE_INTEGER,
      body: { delivered: [1, 2, 3, 4].map(id), read: [] },
    };
    const wrapped: Content = {
      type: "copy",
      id: id(3),
      sent: Number.MAX_SAFE_INTEGER,
      body: { conversation: key(1), author: key(1), contents: [longest], read: false },
    };
    const size = encodeContents([wrapped, receipt]).length;
    expect(size).toBeLessThanOrEqual(MAX_STATIC_PLAINTEXT);
    // What a ratchet's message will add fits as well.
    expect(MAX_PAYLOAD - size).toBeGreaterThan(150);
  });

  test("the largest receipt fits a cell", () => {
    const receipt: Content = {
      type: "receipt",
      id: id(2),
      sent: NOW,
      body: { delivered: Array.from({ length: MAX_RECEIPT_IDS }, (_, i) => id(i)), read: [] },
    };
    expect(encodeContents([receipt]).length).toBeLessThanOrEqual(MAX_STATIC_PLAINTEXT);
  });

  test("damage never does anything but the typed error", () => {
    const card = encodeCard(person(p).card);
    const mine = { version: 1, hash: new Uint8Array(32) };
    const samples: Content[][] = [
      [text("hello world"), { type: "receipt", id: id(2), sent: NOW, body: { delivered: [id(3)], read: [id(4)] } }],
      [{ type: "hello", id: id(1), sent: NOW, body: { card, lists: { mine, yours: mine } } }],
      [{ type: "copy", id: id(1), sent: NOW, body: { conversation: key(1), author: key(2), contents: [text("x")], read: true } }],
      [{ type: "unknown", id: id(1), sent: NOW, name: "poll", body: [1, new Map([["a", "b"]])] }],
      ...known.flatMap((content) => fc.sample(content, { seed: 1, numRuns: 2 })).map((content) => [content]),
    ];
    for (const contents of samples) {
      fuzzDecoder(encodeContents(contents), (bytes) => {
        try {
          decodeContents(bytes);
        } catch (error) {
          expect(error).toEqual(code("content/invalid"));
          throw error;
        }
      });
    }
  });
});

/** Secrets compare as what they print; here what they hold is compared. */
function exposed(value: unknown): unknown {
  if (value instanceof Secret) return value.expose();
  if (Array.isArray(value)) return value.map(exposed);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Map) return value;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, exposed(part)]));
}
