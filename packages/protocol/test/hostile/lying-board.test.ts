// A whole meeting over a relay that lies in every way open to it: it drops, repeats, reorders and damages cells, and pins them under each
// other's tags. Whatever it does, each side hears what the other said, at most once, and nothing else; and once the relay behaves, all of it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../../src/bytes.ts";
import { ProtocolError } from "../../src/errors.ts";
import { openInviteBlob, sealInviteBlob } from "../../src/meeting/invite-blob.ts";
import { claimAddress, inviteKeys, inviteLink, newInviteSecret, parseInvite } from "../../src/meeting/invite.ts";
import { openFirstContact, sealFirstContact } from "../../src/meeting/first-contact.ts";
import { type Content, decodeContents, encodeContents, newContentId } from "../../src/content/contents.ts";
import { type Card, encodeCard, encodeCardWithin, verifyCard } from "../../src/meeting/card.ts";
import { MAX_HELLO_LENGTH } from "../../src/limits.ts";
import type { Primitives } from "../../src/primitives/primitives.ts";
import type { Session } from "../../src/session/session.ts";
import { openStaticHello, sealStaticHello, startStaticSession } from "../../src/session/static-session.ts";
import type { Cell } from "../../src/stream/cell.ts";
import { NOW, type Person, firstDevice, person } from "../messages/people.ts";
import { testPrimitives } from "../support/index.ts";

/** What a relay may do to a cell that a reader asks for. */
interface Lie {
  readonly cell: number;
  readonly tagOf: number;
  readonly flip: number | undefined;
}

const lies = fc.array(
  fc.record({
    cell: fc.nat({ max: 19 }),
    tagOf: fc.nat({ max: 19 }),
    flip: fc.option(fc.nat({ max: 4095 }), { nil: undefined, freq: 2 }),
  }),
  { maxLength: 60 },
);

function told({ cell, tagOf, flip }: Lie, board: readonly Cell[]): Cell {
  const { body } = board[cell] as Cell;
  const changed = flip === undefined ? body : Uint8Array.from(body, (byte, i) => (i === flip ? byte ^ 0x80 : byte));
  return { tag: (board[tagOf] as Cell).tag, body: changed };
}

/** Reads what it can; says what it heard. */
class Listener {
  readonly heard: string[] = [];
  #session: Session;
  readonly #p: Primitives;

  constructor(p: Primitives, session: Session) {
    this.#p = p;
    this.#session = session;
  }

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

/** Bob accepts Alice's invite: what each side has at the end is all that they need. */
function meet(p: Primitives, alice: Person, bob: Person): { aliceSide: Session; bobSide: Session; bobsCard: Card } {
  const secret = newInviteSecret(p);
  const { relay } = alice.card;
  const link = inviteLink(p, { origin: relay, relay, secret, account: alice.account.publicKey });
  const blob = sealInviteBlob(p, inviteKeys(p, secret), { card: alice.card, expires: NOW + 1_000, uses: 1 }, NOW);

  const invite = parseInvite(link);
  const { card } = openInviteBlob(p, invite, blob, NOW);
  const device = card.list.entries[0] as Person["list"]["entries"][number];
  const address = claimAddress(p, inviteKeys(p, invite.secret).requestKey, 0);
  const lists = { mine: { version: bob.list.version, hash: bob.list.hash }, yours: { version: card.list.version, hash: card.list.hash } };
  const apart = encodeCardWithin(bob.card, MAX_HELLO_LENGTH - 200, 1, { listApart: true });
  const said: Content[] = [{ type: "hello", id: newContentId(p), sent: NOW, body: { card: apart, lists } }];
  const hello = sealStaticHello(p, firstDevice(bob).keys, device.key, encodeContents(said));
  const to = { account: card.list.account, device };
  const body = sealFirstContact(p, { address, to, from: { list: bob.list, deviceId: 1 }, hello });

  const contact = openFirstContact(p, { address, body, device: firstDevice(alice), account: alice.account.publicKey });
  const [content] = decodeContents(openStaticHello(p, firstDevice(alice).keys, contact.device.key, contact.hello));
  if (content?.type !== "hello") throw new Error("a first contact begins with a hello");
  return {
    aliceSide: startStaticSession(p, firstDevice(alice).keys, contact.device.key),
    bobSide: startStaticSession(p, firstDevice(bob).keys, device.key),
    bobsCard: verifyCard(p, content.body.card, NOW, contact.list),
  };
}

describe("over a lying relay", () => {
  const p = testPrimitives("lying board");
  const [alice, bob] = [person(p), person(p, { name: "Bob" })];
  const met = meet(p, alice, bob);

  const say = (from: Session, words: readonly string[]): Cell[] => {
    let session = from;
    return words.map((word) => {
      const text: Content = { type: "text", id: newContentId(p), sent: NOW, body: { text: word } };
      const encrypted = session.encrypt(p, encodeContents([text]));
      session = encrypted.session;
      return encrypted.cell;
    });
  };
  const bobsWords = Array.from({ length: 10 }, (_, i) => `Bob ${i}`);
  const alicesWords = Array.from({ length: 10 }, (_, i) => `Alice ${i}`);
  const board = [...say(met.bobSide, bobsWords), ...say(met.aliceSide, alicesWords)];

  test("two people know each other's cards after a meeting", () => {
    expect(encodeCard(met.bobsCard)).toEqual(encodeCard(bob.card));
  });

  test("each hears what was said to them, at most once, and nothing else; and all of it in the end", () => {
    fc.assert(
      fc.property(lies, (sequence) => {
        const alicesEar = new Listener(p, met.aliceSide);
        const bobsEar = new Listener(p, met.bobSide);
        for (const lie of sequence) for (const ear of [alicesEar, bobsEar]) ear.read(told(lie, board));
        const pairs: [Listener, string[]][] = [
          [alicesEar, bobsWords],
          [bobsEar, alicesWords],
        ];
        for (const [ear, words] of pairs) {
          expect(new Set(ear.heard).size).toBe(ear.heard.length);
          for (const word of ear.heard) expect(words).toContain(word);
          for (const cell of board) ear.read(cell);
          expect(ear.heard.toSorted()).toEqual(words.toSorted());
        }
      }),
      { numRuns: 60 },
    );
  });
});
