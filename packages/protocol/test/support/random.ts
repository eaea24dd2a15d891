// Chance that repeats itself: the same seed gives the same bytes, so a failing test fails again. For tests only.

import { ascii, be4, concat } from "../../src/bytes.ts";
import { nodePrimitives } from "../../src/primitives/node.ts";
import { portablePrimitives } from "../../src/primitives/portable.ts";
import type { Primitives } from "../../src/primitives/primitives.ts";

const { sha256 } = nodePrimitives();

/** A source of random-looking bytes: SHA-256 over seed and counter, block by block. */
export function seededRandom(seed: number | string): (length: number) => Uint8Array {
  const key = sha256(ascii(`Sotto test seed ${seed}`));
  let counter = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      const block = sha256(concat(key, be4(counter++)));
      bytes.set(block.subarray(0, Math.min(32, length - offset)), offset);
    }
    return bytes;
  };
}

/**
 * Primitives whose chance comes from a seed. Node's provider, because it is fast; `SOTTO_TEST_PROVIDER=portable` runs every suite on the
 * other one, with the same bytes.
 */
export function testPrimitives(seed: number | string = 0): Primitives {
  const provider = process.env["SOTTO_TEST_PROVIDER"] === "portable" ? portablePrimitives : nodePrimitives;
  const random = seededRandom(seed);
  const p = provider(random);
  // Node's encapsulation draws chance of its own, unless it is given the message.
  const seeded = (kem: Primitives["mlKem1024"]): Primitives["mlKem1024"] => ({
    ...kem,
    encapsulate: (publicKey, message = random(32)) => kem.encapsulate(publicKey, message),
  });
  return { ...p, mlKem1024: seeded(p.mlKem1024), mlKem768: { ...p.mlKem768, ...seeded(p.mlKem768) } };
}
