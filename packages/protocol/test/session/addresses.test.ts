// From account ids to the addresses in a hello: a session binds accounts and devices, not only device keys.

import { expect, test } from "vitest";
import { RatchetSession, accountId, parseAccountId, serviceAddress, serviceId, signDeviceEntry, signDeviceList } from "../../src/index.ts";
import { decodePrekeyMessage, decodeSignalMessage } from "../../src/session/signal-message.ts";
import { NOW, person } from "../messages/people.ts";
import { answer, begin, deviceAt, end, endsOf, prekeysAt } from "../messages/sessions.ts";
import { hex, testPrimitives } from "../support/index.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const p = testPrimitives("addresses");
const [alice, bob, mallory] = [person(p), person(p, { name: "Bob", count: 2 }), person(p, { name: "Mallory" })];
const plaintext = Uint8Array.of(1, 2, 3);
const bobsOwn = { device: deviceAt(end(bob)), prekeys: prekeysAt(end(bob)) };

test("an account id leads to the service id, and that stands in a hello: sender, recipient, and their devices", () => {
  const account = parseAccountId(p, accountId(alice.account.publicKey));
  const address = serviceAddress(p, account, 1);
  expect(address.serviceId).toEqual(hex(serviceId(p, account).replaceAll("-", "")));
  const { hello } = begin(p, end(alice), end(bob, 1), plaintext);
  const to = serviceAddress(p, bob.account.publicKey, 2);
  expect(decodeSignalMessage(decodePrekeyMessage(hello).message).addresses).toEqual(
    Uint8Array.from([0, ...address.serviceId, 1, 0, ...to.serviceId, 2]),
  );
});

test("the right addresses open", () => {
  const { hello } = begin(p, end(alice), end(bob), plaintext);
  const waiting = RatchetSession.start(endsOf(p, end(bob), end(alice)));
  expect(answer(p, waiting, hello, bobsOwn).plaintext).toEqual(plaintext);
});

test.each<[string, (ends: ReturnType<typeof endsOf>) => ReturnType<typeof endsOf>]>([
  ["the sender's account", (ends) => ({ ...ends, theirs: { ...ends.theirs, address: serviceAddress(p, mallory.account.publicKey, 1) } })],
  ["the sender's device", (ends) => ({ ...ends, theirs: { ...ends.theirs, address: { ...ends.theirs.address, device: 2 } } })],
  ["the recipient's account", (ends) => ({ ...ends, ours: { ...ends.ours, address: serviceAddress(p, mallory.account.publicKey, 1) } })],
  ["the recipient's device", (ends) => ({ ...ends, ours: { ...ends.ours, address: { ...ends.ours.address, device: 2 } } })],
])("%s other than the hello names is refused, and nothing is spent", (_, change) => {
  const { hello } = begin(p, end(alice), end(bob), plaintext);
  const waiting = RatchetSession.start(change(endsOf(p, end(bob), end(alice))));
  const before = waiting.encode();
  expect(() => answer(p, waiting, hello, bobsOwn)).toThrow(code("session/wrong-address"));
  expect(waiting.encode()).toEqual(before);
});

test("a device that two accounts list, with its consent, cannot pass a hello of the one off as the other's", () => {
  const device = deviceAt(end(alice));
  const both = signDeviceEntry(p, device, mallory.account.publicKey, NOW);
  const list = signDeviceList(p, mallory.account, { ...mallory.list, version: 2, entries: [both] });
  const twoFaced = { ...mallory, list, devices: alice.devices };
  const { hello } = begin(p, end(alice), end(bob), plaintext);
  const waiting = RatchetSession.start(endsOf(p, end(bob), end(twoFaced)));
  expect(() => answer(p, waiting, hello, bobsOwn)).toThrow(code("session/wrong-address"));
  // The same device speaks for the other account when it says so.
  const asMallory = begin(p, end(twoFaced), end(bob), plaintext);
  expect(answer(p, waiting, asMallory.hello, bobsOwn).plaintext).toEqual(plaintext);
});
