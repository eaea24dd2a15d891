import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteMap } from "./byte-map.ts";

/** Few beginnings, so that chains are long. */
const key = fc
  .tuple(fc.constantFrom(0, 0x80), fc.array(fc.nat(3), { maxLength: 2 }))
  .map(([first, rest]) => Uint8Array.of(first, 0, 0, 0, ...rest));
const change = fc.oneof(fc.tuple(fc.constant("set" as const), key, fc.nat()), fc.tuple(fc.constant("delete" as const), key, fc.nat()));

test("it is a map by what its keys say", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), key, (changes, other) => {
      const ours = new ByteMap<number>();
      const model = new Map<string, number>();
      for (const [kind, bytes, value] of changes) {
        if (kind === "set") {
          ours.set(bytes, value);
          model.set(bytes.join(), value);
        } else {
          ours.delete(bytes.slice());
          model.delete(bytes.join());
        }
      }
      expect(ours.size).toBe(model.size);
      expect(ours.get(other)).toBe(model.get(other.join()));
      expect(ours.has(other)).toBe(model.has(other.join()));
      expect(new Map([...ours].map(([bytes, value]) => [bytes.join(), value]))).toEqual(model);
    }),
  );
});
