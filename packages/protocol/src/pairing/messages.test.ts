import { describe, expect, test } from "vitest";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { generateKeyPair } from "../agreement/key-pair.ts";
import { concat } from "../bytes.ts";
import { encodeInfo } from "./info.ts";
import * as messages from "./messages.ts";

const p = testPrimitives("pairing messages");
const keys = generateKeyPair(p);
const transcript = p.randomBytes(32);
const info = encodeInfo({ role: "receive", deviceName: "new laptop", device: { key: keys.publicKey, registrationId: 3 } });
const introduction = messages.encodeIntroduction(p, info, { keys, registrationId: 3 }, transcript);
const refused = expect.objectContaining({ code: "decode/invalid", blame: "peer" });

test("each layout is read as it was written, and no byte more or less", () => {
  const claim = { exchangeKey: p.randomBytes(32), commitment: p.randomBytes(32) };
  const answer = { kemKey: p.randomBytes(1184), nonce: p.randomBytes(32) };
  const opening = { nonce: p.randomBytes(32), message: p.randomBytes(32), introduction };
  expect(messages.decodeClaim(messages.encodeClaim(claim))).toEqual(claim);
  expect(messages.decodeAnswer(messages.encodeAnswer(answer))).toEqual(answer);
  expect(messages.decodeOpening(messages.encodeOpening(opening))).toEqual(opening);
  for (const [bytes, decode] of [
    [messages.encodeClaim(claim), messages.decodeClaim],
    [messages.encodeAnswer(answer), messages.decodeAnswer],
  ] as const) {
    expect(() => decode(bytes.slice(1))).toThrow(refused);
    expect(() => decode(concat(bytes, Uint8Array.of(0)))).toThrow(refused);
    fuzzDecoder(bytes, decode, { runs: 100 });
  }
});

describe("an introduction", () => {
  const read = (bytes: Uint8Array, heard = transcript): unknown => messages.decodeIntroduction(p, bytes, heard);

  test("with a key that is held", () => {
    expect(messages.decodeIntroduction(p, introduction, transcript).info.device?.key).toEqual(keys.publicKey);
  });

  test("without a key, and without a proof", () => {
    const bare = encodeInfo({ role: "receive", deviceName: "new laptop" });
    const bytes = messages.encodeIntroduction(p, bare, undefined, transcript);
    expect(messages.decodeIntroduction(p, bytes, transcript).info).toEqual({ role: "receive", deviceName: "new laptop" });
    expect(() => read(concat(bytes, new Uint8Array(64)))).toThrow(refused);
  });

  test("with somebody else's key is refused: it is not proved by another key's signature, by none, or by one of another run", () => {
    const other = { keys: generateKeyPair(p), registrationId: 3 };
    expect(() => read(messages.encodeIntroduction(p, info, other, transcript))).toThrow("does not hold the key");
    expect(() => read(messages.encodeIntroduction(p, info, undefined, transcript))).toThrow(refused);
    expect(() => read(introduction, p.randomBytes(32))).toThrow("does not hold the key");
  });

  test("that is damaged is refused with the typed error, or read as what it says: what binds the info is the commitment and the AEAD", () => {
    fuzzDecoder(introduction, (bytes) => read(bytes), { runs: 100 });
  });
});
