// A whole meeting over a relay that lies in every way open to it: it drops, repeats, reorders and damages cells, and pins them under each
// other's tags. Whatever it does, each side hears what the other said, at most once, and nothing else; and once the relay behaves, all of it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../../src/bytes.ts";
import { type Content, decodeContents, encodeContents, newContentId } from "../../src/content/contents.ts";
import { ProtocolError } from "../../src/errors.ts";
import { HELLO_ENVELOPE } from "../../src/limits.ts";
import { type Card, encodeCard, encodeCardWithin, verifyCard } from "../../src/meeting/card.ts";
import { maxHelloLength, openFirstContact, sealFirstContact } from "../../src/meeting/first-contact.ts";
import { openInviteBlob, sealInviteBlob } from "../../src/meeting/invite-blob.ts";
import { claimAddress } from "../../src/meeting/claim-slot.ts";
import { inviteKeys, inviteLink, newInviteSecret, parseInvite } from "../../src/meeting/invite.ts";
import type { Primitives } from "../../src/primitives/primitives.ts";
import { RatchetSession } from "../../src/session/ratchet-session.ts";
import { openStaticHello, sealStaticHello, startStaticSession } from "../../src/session/static-session.ts";
import type { Cell } from "../../src/stream/cell.ts";
import { NOW, type Person, firstDevice, person } from "../messages/people.ts";
import { answer, begin, end, endsOf, prekeysAt } from "../messages/sessions.ts";
import { testPrimitives } from "../support/index.ts";

/** What a relay may do to a cell that a reader asks for: places on the board are modulo its length. */
interface Lie {
  readonly cell: number;
  readonly tagOf: number;
  readonly flip: number | undefined;
}

const lies = fc.array(
  fc.record({ cell: fc.nat(999), tagOf: fc.nat(999), flip: fc.option(fc.nat({ max: 4095 }), { nil: undefined, freq: 2 }) }),
  { maxLength: 60 },
);
/** Half of the lies tell the right tag. */
const toldLies = lies.map((sequence) => sequence.map((lie, i) => (i % 2 ? lie : { ...lie, tagOf: lie.cell })));

function told({ cell, tagOf, flip }: Lie, board: readonly Cell[]): Cell {
  const { body } = board[cell % board.length] as Cell;
  const changed = flip === undefined ? body : Uint8Array.from(body, (byte, i) => (i === flip ? byte ^ 0x80 : byte));
  return { tag: (board[tagOf % board.length] as Cell).tag, body: changed };
}

/** A session of either kind. */
interface Channel {
  encrypt(p: Primitives, plaintext: Uint8Array, now: number): { readonly session: Channel; readonly cell: Cell };
  decrypt(p: Primitives, tag: Uint8Array, body: Uint8Array): { readonly session: Channel; readonly plaintext: Uint8Array };
  encode(): Uint8Array;
}

/** Somebody who speaks and listens. */
class Side {
  readonly heard: string[] = [];
  #session: Channel;
  readonly #p: Primitives;

  constructor(p: Primitives, session: Channel) {
    this.#p = p;
    this.#session = session;
  }

  say(word: string): Cell {
    const text: Content = { type: "text", id: newContentId(this.#p), sent: NOW, body: { text: word } };
    const { session, cell } = this.#session.encrypt(this.#p, encodeContents([text]), NOW);
    this.#session = session;
    return cell;
  }

  /** Reads what can be read; what is refused leaves everything as it was. */
  read({ tag, body }: Cell): void {
    const before = this.#session.encode();
    try {
      const { plaintext, session } = this.#session.decrypt(this.#p, tag, body);
      for (const content of decodeContents(plaintext)) if (content.type === "text") this.heard.push(content.body.text);
      this.#session = session;
    } catch (error) {
      if (!(error instanceof ProtocolError) || !error.code.startsWith("cell/")) throw error;
      if (!equalBytes(this.#session.encode(), before)) throw new Error("a refused cell changed the state", { cause: error });
    }
  }
}

interface Meeting {
  readonly aliceSide: Channel;
  readonly bobSide: Channel;
  readonly bobsCard: Card;
}

/** How a session begins with a hello, and how the hello is opened. */
interface Beginning {
  begin(p: Primitives, from: Person, to: Person, plaintext: Uint8Array): { hello: Uint8Array; session: Channel };
  open(p: Primitives, by: Person, from: Person, hello: Uint8Array): { plaintext: Uint8Array; session: Channel };
}

const beginnings: Record<string, Beginning> = {
  "the static session": {
    begin(p, from, to, plaintext) {
      const theirs = firstDevice(to).keys.publicKey;
      const hello = sealStaticHello(p, firstDevice(from).keys, theirs, plaintext);
      return { hello, session: startStaticSession(p, firstDevice(from).keys, theirs) };
    },
    open(p, by, from, hello) {
      const theirs = firstDevice(from).keys.publicKey;
      const plaintext = openStaticHello(p, firstDevice(by).keys, theirs, hello);
      return { plaintext, session: startStaticSession(p, firstDevice(by).keys, theirs) };
    },
  },
  "the ratchets": {
    begin: (p, from, to, plaintext) => begin(p, end(from), end(to), plaintext),
    open(p, by, from, hello) {
      const session = RatchetSession.start(endsOf(p, end(by), end(from)));
      return answer(p, session, hello, { device: firstDevice(by), prekeys: prekeysAt(end(by)) });
    },
  },
};

/** Bob accepts Alice's invite: what each side has at the end is all that they need. */
function meet(p: Primitives, alice: Person, bob: Person, beginning: Beginning): Meeting {
  const secret = newInviteSecret(p);
  const relay = alice.card.relays[0] as string;
  const link = inviteLink(p, { origin: relay, relay, secret, account: alice.account.publicKey });
  const blob = sealInviteBlob(p, inviteKeys(p, secret), { card: alice.card, expires: NOW + 1_000, uses: 1 }, NOW);

  const invite = parseInvite(link);
  const { card } = openInviteBlob(p, invite, blob, NOW);
  const device = card.list.entries[0] as Person["list"]["entries"][number];
  const address = claimAddress(p, inviteKeys(p, invite.secret).requestKey, 0);
  const lists = { mine: { version: bob.list.version, hash: bob.list.hash }, yours: { version: card.list.version, hash: card.list.hash } };
  const apart = encodeCardWithin(bob.card, maxHelloLength(bob.list) - HELLO_ENVELOPE, 1, { listApart: true });
  const said: Content[] = [{ type: "hello", id: newContentId(p), sent: NOW, body: { card: apart, lists } }];
  const { hello, session } = beginning.begin(p, bob, { ...alice, card }, encodeContents(said));
  const to = { account: card.list.account, device };
  const body = sealFirstContact(p, { address, to, from: { list: bob.list, deviceId: 1 }, hello });

  const contact = openFirstContact(p, { address, body, device: firstDevice(alice), account: alice.account.publicKey });
  const opened = beginning.open(p, alice, { ...bob, list: contact.list }, contact.hello);
  const [content] = decodeContents(opened.plaintext);
  if (content?.type !== "hello") throw new Error("a first contact begins with a hello");
  return { aliceSide: opened.session, bobSide: session, bobsCard: verifyCard(p, content.body.card, NOW, contact.list) };
}

const words = (who: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${who} ${i}`);

/** Nothing twice, nothing that was not said. */
function expectOnly(heard: readonly string[], said: readonly string[]): void {
  expect(new Set(heard).size).toBe(heard.length);
  for (const word of heard) expect(said).toContain(word);
}

describe.each(Object.keys(beginnings))("over a lying relay, on %s", (name) => {
  const p = testPrimitives(`lying board ${name}`);
  const [alice, bob] = [person(p), person(p, { name: "Bob" })];
  const met = meet(p, alice, bob, beginnings[name] as Beginning);

  test("two people know each other's cards after a meeting; bundles follow when there is room", () => {
    expect(encodeCard(met.bobsCard)).toEqual(encodeCard({ ...bob.card, bundles: met.bobsCard.bundles }));
  });

  test("who speaks without hearing is heard: all that was said, at most once, and nothing else; and all of it in the end", () => {
    const [alicesWords, bobsWords] = [words("Alice", 10), words("Bob", 10)];
    const [aliceSays, bobSays] = [new Side(p, met.aliceSide), new Side(p, met.bobSide)];
    const board = [...bobsWords.map((word) => bobSays.say(word)), ...alicesWords.map((word) => aliceSays.say(word))];
    fc.assert(
      fc.property(toldLies, (sequence) => {
        const pairs: [Side, string[]][] = [
          [new Side(p, met.aliceSide), bobsWords],
          [new Side(p, met.bobSide), alicesWords],
        ];
        for (const lie of sequence) for (const [ear] of pairs) ear.read(told(lie, board));
        for (const [ear, said] of pairs) {
          expectOnly(ear.heard, said);
          for (const cell of board) ear.read(cell);
          expect(ear.heard.toSorted()).toEqual(said.toSorted());
        }
      }),
      { numRuns: 30 },
    );
  });

  test("a conversation in turns, lied to at every turn, is heard as it was said; and all of it in the end", () => {
    const rounds = 4;
    fc.assert(
      fc.property(fc.array(toldLies, { minLength: 2 * rounds, maxLength: 2 * rounds }), (sequences) => {
        const [a, b] = [new Side(p, met.aliceSide), new Side(p, met.bobSide)];
        const board: Cell[] = [];
        const [alicesWords, bobsWords] = [words("Alice", 3 * rounds), words("Bob", 3 * rounds)];
        for (const [turn, sequence] of sequences.entries()) {
          const [speaker, said] = turn % 2 ? [a, alicesWords] : [b, bobsWords];
          const from = 3 * Math.floor(turn / 2);
          for (const word of said.slice(from, from + 3)) board.push(speaker.say(word));
          for (const lie of sequence) for (const ear of [a, b]) ear.read(told(lie, board));
          expectOnly(a.heard, bobsWords);
          expectOnly(b.heard, alicesWords);
        }
        // A chain that begins is found when the one before was seen: the second telling finds the rest.
        for (let telling = 0; telling < 2; telling++) for (const cell of board) for (const ear of [a, b]) ear.read(cell);
        expect(a.heard.toSorted()).toEqual(bobsWords.toSorted());
        expect(b.heard.toSorted()).toEqual(alicesWords.toSorted());
      }),
      { numRuns: 15 },
    );
  });
});
