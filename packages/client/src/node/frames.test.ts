import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_CHANNEL_MESSAGE } from "../limits.ts";
import { frame, Unframer } from "./frames.ts";

test("messages come out as they went in, however the stream is cut", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 });
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }), (said, sizes) => {
      const stream = Uint8Array.from(said.flatMap((message) => [...frame(message)]));
      const unframer = new Unframer();
      const heard: Uint8Array[] = [];
      for (let at = 0, i = 0; at < stream.length; at += sizes[i % sizes.length] as number, i++) {
        heard.push(...unframer.push(stream.subarray(at, at + (sizes[i % sizes.length] as number))));
      }
      expect(heard.map((message) => message.join())).toEqual(said.map((message) => message.join()));
    }),
  );
});

test("a length beyond the limit ends the stream before its bytes are kept", () => {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, MAX_CHANNEL_MESSAGE + 1);
  expect(() => new Unframer().push(head)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
});
