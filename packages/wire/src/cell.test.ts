import { describe, expect, it } from "vitest";
import { decodeAppend, decodeAppendResults, decodePinnedCells, encodeAppend, encodeAppendResults, encodePinnedCells } from "./cell.ts";
import { APPEND_RECORD_BYTES, BODY_BYTES, MAX_APPEND_RECORDS, PINNED_CELL_BYTES } from "./limits.ts";
import { shardOf, WHOLE_BOARD } from "./shard.ts";

const tag = new Uint8Array(16).fill(7);
const body = new Uint8Array(BODY_BYTES).fill(8);

describe("append records", () => {
  it("has the layout of the contract", () => {
    const record = encodeAppend([{ shard: shardOf(8, new Uint8Array(8).fill(9)), tag, body }]);
    expect(record.length).toBe(4121);
    expect([...record.subarray(0, 26)]).toEqual([8, 9, 0, 0, 0, 0, 0, 0, 0, ...tag, 8]);
  });

  it("refuses none, a torn one, too many, and a prefix longer than its bits", () => {
    expect(() => decodeAppend(new Uint8Array(0))).toThrow("holds no cell");
    expect(() => decodeAppend(new Uint8Array(APPEND_RECORD_BYTES - 1))).toThrow("whole number");
    const tooMany = new Uint8Array((MAX_APPEND_RECORDS + 1) * APPEND_RECORD_BYTES);
    expect(() => decodeAppend(tooMany)).toThrow(expect.objectContaining({ code: "frame/too-large" }));
    const record = encodeAppend([{ shard: WHOLE_BOARD, tag, body }]);
    record[3] = 1;
    expect(() => decodeAppend(record)).toThrow("bits beyond");
  });

  it("refuses to write a cell of another size", () => {
    expect(() => encodeAppend([{ shard: WHOLE_BOARD, tag: tag.subarray(1), body }])).toThrow("16 bytes");
    expect(() => encodeAppend([{ shard: WHOLE_BOARD, tag, body: body.subarray(1) }])).toThrow("4096 bytes");
  });
});

describe("append results", () => {
  it("must be as many as the records", () => {
    const answer = encodeAppendResults(["stored", "conflict"]);
    expect(decodeAppendResults(answer, 2)).toEqual(["stored", "conflict"]);
    expect(() => decodeAppendResults(answer, 1)).toThrow("number of results");
  });
});

describe("pinned cells", () => {
  it("refuses cursors that do not grow, so that nothing is taken twice", () => {
    const twice = encodePinnedCells([
      { cursor: 5, tag, body },
      { cursor: 5, tag, body },
    ]);
    expect(() => decodePinnedCells(twice)).toThrow("do not grow");
    expect(decodePinnedCells(twice.subarray(PINNED_CELL_BYTES))).toHaveLength(1);
  });
});
