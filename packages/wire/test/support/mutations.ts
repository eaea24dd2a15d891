// Damages bytes as a stranger would: flips, cuts, extensions, repeats, splices. Seeded, so that a failure can be run again.

/** A small generator of pseudo-random integers (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Some damaged form of `bytes`, rarely the same. */
export function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = random(bytes.length + 1);
  switch (random(6)) {
    case 0: {
      const flips = 1 + random(4);
      for (let i = 0; i < flips && copy.length > 0; i++) {
        const index = random(copy.length);
        copy[index] = (copy[index] as number) ^ (1 << random(8));
      }
      return copy;
    }
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Uint8Array.from([...copy, ...Array.from({ length: 1 + random(40) }, () => random(256))]);
    case 3:
      return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(random(at + 1))]);
    case 4:
      return Uint8Array.from({ length: random(200) }, () => random(256));
    default:
      if (copy.length > 0)
        copy[random(copy.length)] = [0x00, 0x1b, 0x5b, 0x7b, 0x9b, 0xbb, 0x9f, 0xbf, 0xf6, 0xfb, 0xff][random(11)] as number;
      return copy;
  }
}
