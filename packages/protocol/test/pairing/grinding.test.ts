// Attack: a false new device has won the giver's code, and knows the six digits on the true new device's screen (from a second run in which
// it posed as the giver). It needs values for which the giver expects the same digits, and tries until they fit. The commitment is what
// makes it choose blindly. Each weakened build falls, so the attack is real; ours does not. Only the last three digits have to
// fit, so that the search is a thousandth of the real one.

import { describe, expect, test } from "vitest";
import { type OpeningRule, commit, verifyOpening } from "../../src/pairing/commitment.ts";
import { stepPairing } from "../../src/pairing/pairing.ts";
import { be4, concat, equalBytes } from "../../src/bytes.ts";
import { FalseScanner, weakened } from "./attacker.ts";
import { type Step, World } from "./world.ts";

/** The digits on the screen of the true new device. */
const SEEN = "271828";

interface Attack {
  readonly name: string;
  /** The build that lets it through. */
  readonly weak: OpeningRule;
  /** How many of the last digits have to fit. */
  readonly places: number;
  /** Writes M1, waits for M2, and writes the opening for which the digits fit. */
  run(world: World, mallory: FalseScanner, places: number): void;
}

const attacks: readonly Attack[] = [
  {
    name: "tries nonces, if nothing holds it to a commitment",
    weak: (p, { kemKey, message, ciphertext }) => equalBytes(p.mlKem768.encapsulate(kemKey, message)?.ciphertext ?? ciphertext, ciphertext),
    places: 3,
    run(world, mallory, places) {
      world.write(mallory.claim(world.p.randomBytes(32)));
      const agreement = agreeAfterAnswer(world, mallory, mallory.message);
      const nonce = search(
        (i) => concat(be4(i), mallory.nonce.subarray(4)),
        (it) => fits(mallory.code(agreement, it), places),
      );
      world.write(mallory.open(agreement, nonce, mallory.message));
    },
  },
  {
    name: "tries encapsulations, if the commitment leaves their randomness open",
    weak: (p, { commitment, nonce, info }) => equalBytes(commitNonceOnly(p, nonce, info), commitment),
    places: 3,
    run(world, mallory, places) {
      world.write(mallory.claim(commitNonceOnly(world.p, mallory.nonce, mallory.info)));
      const message = searchMessage(world, mallory, places);
      world.write(mallory.open(agreeAfterAnswer(world, mallory, message), mallory.nonce, message));
    },
  },
  {
    name: "shows the committed randomness and sends a ciphertext of another, if nobody encapsulates again",
    weak: (p, { commitment, nonce, message, info }) => equalBytes(commit(p, nonce, message, info), commitment),
    places: 3,
    run(world, mallory, places) {
      world.write(mallory.claim());
      const message = searchMessage(world, mallory, places);
      world.write(mallory.open(agreeAfterAnswer(world, mallory, message), mallory.nonce, mallory.message));
    },
  },
];

describe.each(attacks)("a false new device $name", ({ weak, places, run }) => {
  const attack = (step: Step): { world: World; expected: string | undefined } => {
    const world = new World("grinding");
    world.person = () => undefined;
    const { device: giver, qrText } = world.display("old phone", { role: "give" }, step);
    run(world, new FalseScanner(world.p, qrText), places);
    world.settle();
    const codes = giver.state.phase === "comparing" ? giver.state.run.keys?.codes : undefined;
    return { world, expected: codes === undefined ? undefined : String.fromCharCode(...codes.compare.expose()) };
  };

  test("against the weakened build it succeeds: the giver expects the digits that the person sees", () => {
    const { expected } = attack(weakened(weak));
    expect(expected?.slice(-places)).toBe(SEEN.slice(-places));
  });

  test("against ours the giver stops, and asks for no code", () => {
    const { world, expected } = attack(stepPairing);
    expect(expected).toBeUndefined();
    expect(world.devices[0]?.failure).toBe("pairing/aborted");
    expect(world.devices[0]?.all("ask-code")).toEqual([]);
  });
});

test("the rule itself accepts what was committed to, and nothing else", () => {
  const world = new World("rule");
  const publicKey = world.p.mlKem768.publicKey(new Uint8Array(64).fill(1));
  const message = new Uint8Array(32).fill(2);
  const nonce = new Uint8Array(32).fill(3);
  const info = Uint8Array.of(4);
  const ciphertext = world.p.mlKem768.encapsulate(publicKey, message)?.ciphertext as Uint8Array;
  const opening = { commitment: commit(world.p, nonce, message, info), nonce, message, info, kemKey: publicKey, ciphertext };
  expect(verifyOpening(world.p, opening)).toBe(true);
  for (const field of ["commitment", "nonce", "message", "info", "ciphertext"] as const) {
    const changed = opening[field].slice();
    changed[0] = (changed[0] as number) ^ 1;
    expect(verifyOpening(world.p, { ...opening, [field]: changed })).toBe(false);
  }
});

/** The weaker commitment of a build that thinks the nonce is enough. */
function commitNonceOnly(p: World["p"], nonce: Uint8Array, info: Uint8Array): Uint8Array {
  return commit(p, nonce, new Uint8Array(32), info);
}

function agreeAfterAnswer(world: World, mallory: FalseScanner, message: Uint8Array): ReturnType<FalseScanner["agree"]> {
  world.settle();
  return mallory.agree(mallory.photo.find(world, "M2") as Uint8Array, message);
}

function searchMessage(world: World, mallory: FalseScanner, places: number): Uint8Array {
  return search(
    (i) => concat(be4(i), mallory.message.subarray(4)),
    (message) => fits(mallory.code(agreeAfterAnswer(world, mallory, message), mallory.nonce), places),
  );
}

const fits = (code: string, places: number): boolean => code.slice(-places) === SEEN.slice(-places);

function search(candidate: (i: number) => Uint8Array, good: (value: Uint8Array) => boolean): Uint8Array {
  for (let i = 0; i < 20_000; i++) {
    const value = candidate(i);
    if (good(value)) return value;
  }
  throw new Error("nothing fits: the search is broken");
}
