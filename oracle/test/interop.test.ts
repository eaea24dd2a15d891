import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { expect, test } from "vitest";
import { dialogue } from "../src/dialogue.ts";
import { interop } from "../src/interop.ts";
import { libsignalParty } from "../src/libsignal-party.ts";
import { ourParty } from "../src/our-party.ts";

const FIRST = { uuid: "9d0652a3-dcc3-4d11-975f-74d61598733f", device: 1 };
const SECOND = { uuid: "796abedb-ca4e-4f18-8803-1fde5b921f9f", device: 2 };

test("ours and libsignal understand each other in every role, pattern and way to begin", { timeout: 60_000 }, async () => {
  const { failures, delivered } = await interop({ seed: 7, messages: 120 });
  expect(failures).toBe(0);
  expect(delivered).toBeGreaterThan(3000);
});

test("a planted fault is reported: one changed byte in one message", async () => {
  const honest = ourParty("ours", nodePrimitives(), FIRST, SECOND);
  let count = 0;
  const faulty = {
    ...honest,
    async encrypt(plaintext: Uint8Array) {
      const { kind, bytes } = await honest.encrypt(plaintext);
      if (count++ === 10) bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
      return { kind, bytes };
    },
  };
  const options = { pattern: "ping-pong", messages: 50, seed: 1, oneTime: true } as const;
  const { failures, delivered } = await dialogue(faulty, libsignalParty(SECOND, FIRST), options);
  expect([failures.length, delivered]).toEqual([1, 49]);
});
