import { describe, expect, test } from "vitest";
import { testPrimitives } from "../../test/support/index.ts";
import { generateKeyPair } from "../agreement/key-pair.ts";
import { newRequestKey, requestAddress, requestWindow } from "./request.ts";

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

describe("request streams", () => {
  test("both sides name the same cells", () => {
    const p = testPrimitives();
    const key = newRequestKey(p);
    const [sd, rd] = [generateKeyPair(p).publicKey, generateKeyPair(p).publicKey];
    const window = requestWindow(p, key, sd, rd, 3);
    expect(window).toHaveLength(8);
    window.forEach((address, ahead) => expect(address).toEqual(requestAddress(p, key, sd, rd, 3 + ahead)));
  });

  test("every key, sender, receiver and count has cells of its own", () => {
    const p = testPrimitives();
    const keys = [newRequestKey(p), newRequestKey(p)];
    const people = [1, 2, 3].map(() => generateKeyPair(p).publicKey);
    const tags = keys.flatMap((key) =>
      people.flatMap((sd) =>
        people.filter((rd) => rd !== sd).flatMap((rd) => [0, 1].map((i) => hex(requestAddress(p, key, sd, rd, i).tag))),
      ),
    );
    expect(new Set(tags).size).toBe(2 * 6 * 2);
  });
});
