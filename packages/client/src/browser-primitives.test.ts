import { portablePrimitives } from "@sotto/protocol/primitives/portable";
import { expect, test } from "vitest";
import { browserPrimitives, quicken } from "./browser-primitives.ts";

const fresh = () => portablePrimitives(browserPrimitives.randomBytes);

test("randomness is as long as asked for, also beyond what a browser gives at once", () => {
  const bytes = browserPrimitives.randomBytes(200_000);
  expect(bytes).toHaveLength(200_000);
  for (const offset of [0, 65_536, 131_072, 199_936]) expect(bytes.subarray(offset, offset + 64)).not.toEqual(new Uint8Array(64));
});

test("libsodium takes over in the object that everybody holds, and opens what was sealed before", async () => {
  const p = fresh();
  const before = { ...p };
  const [key, nonce, text] = [p.randomBytes(32), p.randomBytes(12), p.randomBytes(300)];
  const sealed = p.chacha20poly1305.seal(key, nonce, text, key);
  const agreed = p.x25519(key, p.x25519PublicKey(text.subarray(0, 32)));
  await quicken(p);
  expect(p.x25519).not.toBe(before.x25519);
  expect(p.chacha20poly1305.open(key, nonce, sealed, key)).toEqual(text);
  expect(p.x25519(key, p.x25519PublicKey(text.subarray(0, 32)))).toEqual(agreed);
});

test("where WebAssembly may not run, everything stays as it is", async () => {
  const p = fresh();
  const before = { ...p };
  await quicken(p, async () => ({ loadSodiumPrimitives: () => Promise.reject(new WebAssembly.CompileError("refused")) }));
  expect(p).toEqual(before);
});

test("code that cannot be loaded is reported, and can be asked for again", async () => {
  const p = fresh();
  const before = { ...p };
  await expect(quicken(p, () => Promise.reject(new TypeError("offline")))).rejects.toThrow("offline");
  expect(p).toEqual(before);
  await quicken(p);
  expect(p.x25519).not.toBe(before.x25519);
});
