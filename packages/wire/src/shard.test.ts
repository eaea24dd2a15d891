import { describe, expect, it } from "vitest";
import { parseShard, parseShardPath, shardKey, shardOf, WHOLE_BOARD } from "./shard.ts";

const ones = new Uint8Array(8).fill(0xff);

describe("shards", () => {
  it("cuts a locator to its first bits", () => {
    expect(shardKey(shardOf(0, ones))).toBe("0/0000000000000000");
    expect(shardKey(shardOf(3, ones))).toBe("3/e000000000000000");
    expect(shardKey(shardOf(8, ones))).toBe("8/ff00000000000000");
    expect(shardKey(shardOf(17, ones))).toBe("17/ffff800000000000");
    expect(shardKey(shardOf(64, ones))).toBe("64/ffffffffffffffff");
    expect(shardOf(0, ones)).toEqual(WHOLE_BOARD);
  });

  it("reads its own key as a path", () => {
    for (let bits = 0; bits <= 64; bits++) {
      const shard = shardOf(bits, ones);
      expect(parseShardPath(...(shardKey(shard).split("/") as [string, string]))).toEqual(shard);
    }
  });

  it.each([
    [65, ones],
    [-1, ones],
    [1.5, ones],
    [0, new Uint8Array(7)],
  ])("refuses %d bits of %o", (bits, locator) => {
    expect(() => shardOf(bits, locator)).toThrow(expect.objectContaining({ code: "frame/invalid" }));
  });

  it("refuses a second name for the same shard", () => {
    expect(() => parseShard(3, Uint8Array.of(0xe1, 0, 0, 0, 0, 0, 0, 0))).toThrow("bits beyond");
    for (const bits of ["03", "+3", " 3", "3.0", "", "065", "0x3", "65"])
      expect(() => parseShardPath(bits, "0000000000000000")).toThrow("0 to 64 bits");
    expect(() => parseShardPath("8", "FF00000000000000")).toThrow("hexadecimal");
  });
});
