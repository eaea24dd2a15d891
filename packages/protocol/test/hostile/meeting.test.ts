// First contacts in the wrong hands or at the wrong time: played again after their prekeys were spent, passed on to others, or racing for
// one prekey. What is refused spends nothing and leaves no session.

import { describe, expect, test } from "vitest";
import {
  type CellAddress,
  type FirstContact,
  type OwnPrekeys,
  type Primitives,
  RatchetSession,
  Secret,
  cellAddress,
  decodePrekeys,
  encodePrekeys,
  openFirstContact,
  sealFirstContact,
  takenOneTimePrekey,
} from "../../src/index.ts";
import { type Bundle } from "../../src/meeting/bundle.ts";
import { renewPrekeys } from "../../src/meeting/prekeys.ts";
import { DAY, NOW, person } from "../messages/people.ts";
import { type End, answer, begin, deviceAt, end, endsOf, entryAt, prekeysAt } from "../messages/sessions.ts";
import { testPrimitives } from "../support/index.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const p: Primitives = testPrimitives("hostile meetings");
const [alice, bob, carol] = [end(person(p)), end(person(p, { name: "Bob", count: 2 })), end(person(p, { name: "Carol" }))];
const words = Uint8Array.of(1, 2, 3);
const address = (): CellAddress => cellAddress(p, new Secret(p.randomBytes(32)), 0);

function seal(where: CellAddress, from: End, to: End, hello: Uint8Array): Uint8Array {
  const recipient = { account: to.of.account.publicKey, device: entryAt(to) };
  return sealFirstContact(p, { address: where, to: recipient, from: { list: from.of.list, deviceId: entryAt(from).id }, hello });
}

const open = (where: CellAddress, body: Uint8Array, by: End): FirstContact =>
  openFirstContact(p, { address: where, body, device: deviceAt(by), account: by.of.account.publicKey });

const waiting = (by: End, from: End): RatchetSession => RatchetSession.start(endsOf(p, by, from));
const oneTimeOf = ({ of, index }: End, taken: number) =>
  takenOneTimePrekey(p, prekeysAt({ of, index }).list, taken, (of.card.bundles[index] as Bundle).prekeys.oneTimeHash);

describe("a first contact that is played again", () => {
  const oneTime = oneTimeOf(bob, 0);
  const { hello } = begin(p, alice, bob, words, oneTime);
  const where = address();
  const body = seal(where, alice, bob, hello);
  const first = answer(p, waiting(bob, alice), open(where, body, bob).hello, { device: deviceAt(bob), prekeys: prekeysAt(bob) });
  const restarted = (prekeys: OwnPrekeys): OwnPrekeys => decodePrekeys(p, encodePrekeys(prekeys));

  test("opened the first time", () => {
    expect(first.plaintext).toEqual(words);
    expect(first.used).toMatchObject({ oneTimePrekeyId: oneTime.id });
  });

  test("makes no second session when the first was lost, nor after a restart, nor when prekeys were renewed", () => {
    const renewed = renewPrekeys(p, first.prekeys, NOW + 8 * DAY).prekeys;
    const erased = renewPrekeys(p, first.prekeys, NOW + 31 * DAY).prekeys;
    for (const prekeys of [first.prekeys, restarted(first.prekeys), restarted(renewed), restarted(erased)]) {
      const again = open(where, body, bob).hello;
      expect(() => answer(p, waiting(bob, alice), again, { device: deviceAt(bob), prekeys })).toThrow(code("session/none"));
    }
  });

  test("changes nothing in the session that it made, and looks no prekeys up", () => {
    const before = first.session.encode();
    const lookUp = (): never => {
      throw new Error("prekeys were looked up for a session that is held");
    };
    expect(() => first.session.answer(p, hello, lookUp)).toThrow(code("session/duplicate"));
    expect(first.session.encode()).toEqual(before);
  });

  test("without a one-time prekey is refused just as well", () => {
    const bare = begin(p, alice, bob, words).hello;
    const once = answer(p, waiting(bob, alice), bare, { device: deviceAt(bob), prekeys: prekeysAt(bob) });
    const own = { device: deviceAt(bob), prekeys: restarted(once.prekeys) };
    expect(() => answer(p, waiting(bob, alice), bare, own)).toThrow(code("session/none"));
  });
});

describe("a first contact in the wrong hands", () => {
  const { hello } = begin(p, alice, bob, words);
  const where = address();

  test("does not open for another person, nor for another device of the same one", () => {
    const body = seal(where, alice, bob, hello);
    for (const other of [carol, { ...bob, index: 1 }]) expect(() => open(where, body, other)).toThrow(code("meeting/wrong-recipient"));
  });

  test("passed on by the one who got it, under the sender's own list, opens for nobody else, and spends nothing there", () => {
    for (const other of [carol, { ...bob, index: 1 }]) {
      const passedOn = open(where, seal(where, alice, other, hello), other);
      expect(passedOn.device.key).toEqual(entryAt(alice).key);
      const own = { device: deviceAt(other), prekeys: prekeysAt(other) };
      const before = encodePrekeys(own.prekeys);
      // The ids of both devices' prekeys are the same: it is the keys that differ.
      expect(() => answer(p, waiting(other, alice), passedOn.hello, own)).toThrow(code("session/invalid-message"));
      expect(encodePrekeys(own.prekeys)).toEqual(before);
    }
  });

  test("reflected to the one who wrote it is refused", () => {
    const own = { device: deviceAt(alice), prekeys: prekeysAt(alice) };
    expect(() => answer(p, waiting(alice, bob), hello, own)).toThrow(code("identity/not-listed"));
  });
});

test("of two people who were given one one-time prekey by a faulty relay the first is answered; the other's hello spends nothing", () => {
  const oneTime = oneTimeOf(bob, 5);
  const [fromAlice, fromCarol] = [begin(p, alice, bob, words, oneTime), begin(p, carol, bob, words, oneTime)];
  const first = answer(p, waiting(bob, alice), fromAlice.hello, { device: deviceAt(bob), prekeys: prekeysAt(bob) });
  const own = { device: deviceAt(bob), prekeys: first.prekeys };
  expect(() => answer(p, waiting(bob, carol), fromCarol.hello, own)).toThrow(code("session/none"));
  // Without that prekey Carol can begin again.
  expect(answer(p, waiting(bob, carol), begin(p, carol, bob, words).hello, own).plaintext).toEqual(words);
});

test("both write first: two first contacts cross, everything is heard, and they go on", () => {
  const [fromAlice, fromBob] = [begin(p, alice, bob, words), begin(p, bob, alice, words)];
  const bobs = answer(p, fromBob.session, fromAlice.hello, { device: deviceAt(bob), prekeys: prekeysAt(bob) });
  const alices = answer(p, fromAlice.session, fromBob.hello, { device: deviceAt(alice), prekeys: prekeysAt(alice) });
  let [a, b] = [alices.session, bobs.session];
  for (let i = 0; i < 6; i++) {
    const sent = a.encrypt(p, words, NOW);
    const got = b.decrypt(p, sent.cell.tag, sent.cell.body);
    expect(got.plaintext).toEqual(words);
    [a, b] = [got.session, sent.session];
  }
});
