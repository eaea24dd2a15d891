import { WHOLE_BOARD } from "@sotto/wire";
import { expect, test } from "vitest";
import { Board, RETENTION_MS } from "./board.ts";

const cell = (n: number) => ({ shard: WHOLE_BOARD, tag: new Uint8Array(16).fill(n), body: new Uint8Array(4096).fill(n) });

test("a cell is there for two weeks; then it is gone, its cursor is told and its tag is free", () => {
  let now = 0;
  const board = new Board(new Uint8Array(16), () => now);
  board.append(cell(1));
  now = 1000;
  board.append(cell(2));
  now = RETENTION_MS;
  expect(board.after(WHOLE_BOARD, 0, 10).map(({ cursor }) => cursor)).toEqual([1, 2]);
  expect(board.append(cell(1))).toBe("duplicate");
  now = RETENTION_MS + 1;
  expect(board.after(WHOLE_BOARD, 0, 10).map(({ cursor }) => cursor)).toEqual([2]);
  expect(board.expired).toBe(1);
  expect(board.append(cell(1))).toBe("stored");
  expect(board.head(WHOLE_BOARD)).toBe(3);
});
