// Where the streams of a session come from, by the letter of the specification (04): computed from the handshake's secrets with Node's HKDF
// and compared with the tags that a session watches and writes.

import { hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { RatchetSession, Secret, cellAddress } from "../../src/index.ts";
import { rootStep } from "../../src/session/chain-key.ts";
import { kyberDecapsulate } from "../../src/session/kyber1024.ts";
import { decodePrekeyMessage, decodeSignalMessage } from "../../src/session/signal-message.ts";
import { NOW, person } from "../messages/people.ts";
import { answer, begin, deviceAt, end, endsOf, prekeysAt } from "../messages/sessions.ts";
import { testPrimitives } from "../support/index.ts";

const p = testPrimitives("streams");
const hkdf = (salt: Uint8Array, ikm: Uint8Array, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync("sha256", ikm, salt, info, length));
const none = new Uint8Array(32);
const tagOf = (root: Uint8Array, index: number): string => Buffer.from(cellAddress(p, new Secret(root.slice()), index).tag).toString("hex");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("chain 0 of each direction comes from the handshake, chain 1 from the first root step of that direction", () => {
  const [alice, bob] = [end(person(p)), end(person(p, { name: "Bob" }))];
  const { session: alices, hello } = begin(p, alice, bob, Uint8Array.of(1));
  const own = { device: deviceAt(bob), prekeys: prekeysAt(bob) };
  const { session: bobs } = answer(p, RatchetSession.start(endsOf(p, bob, alice)), hello, own);

  const { baseKey, kyberCiphertext, message } = decodePrekeyMessage(hello);
  const { signed, kyber } = own.prekeys.generations[0]!;
  const dh = (ours: Secret, theirs: Uint8Array): Uint8Array => p.x25519(ours.expose(), theirs.subarray(1));
  const ikm = Buffer.concat([
    new Uint8Array(32).fill(0xff),
    dh(signed.privateKey, deviceAt(alice).keys.publicKey),
    dh(deviceAt(bob).keys.privateKey, baseKey),
    dh(signed.privateKey, baseKey),
    kyberDecapsulate(p, kyber, kyberCiphertext),
  ]);
  const initiator = hkdf(none, ikm, "Sotto Stream v1 initiator", 32);
  const responder = hkdf(none, ikm, "Sotto Stream v1", 32);
  const root = hkdf(none, ikm, "WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024", 96).subarray(0, 32);
  const step = dh(signed.privateKey, decodeSignalMessage(message).ratchetKey);

  // The hello was message 0; its stream goes on with cell 1.
  expect(hex(alices.encrypt(p, Uint8Array.of(2), NOW).cell.tag)).toBe(tagOf(initiator, 1));
  expect(hex(bobs.encrypt(p, Uint8Array.of(3), NOW).cell.tag)).toBe(tagOf(responder, 0));
  const next = hkdf(root, step, "Sotto Stream v1", 32);
  const indexes = (chain: Uint8Array, from: number): string[] => Array.from({ length: 64 }, (_, i) => tagOf(chain, from + i));
  expect(bobs.watched().map(hex)).toEqual([...indexes(initiator, 1), ...indexes(next, 0)]);
  expect(alices.watched().map(hex)).toEqual(indexes(responder, 0));
});

test("a root step gives root key, chain key and the stream of the chain after", () => {
  const [rootKey, agreement] = [p.randomBytes(32), p.randomBytes(32)];
  const step = rootStep(p, rootKey, agreement);
  const keys = hkdf(rootKey, agreement, "WhisperRatchet", 64);
  expect(hex(step.rootKey) + hex(step.chain.key)).toBe(keys.toString("hex"));
  expect(hex(step.streamKey)).toBe(hkdf(rootKey, agreement, "Sotto Stream v1", 32).toString("hex"));
});
