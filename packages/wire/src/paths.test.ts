import { describe, expect, it } from "vitest";
import { blobPath, decodeContentRange, encodeContentRange, parseBlobPath } from "./blob.ts";
import { directoryPath, parseDirectoryPath } from "./directory.ts";
import { handleClaimMessage, handlePath, parseHandle } from "./handle.ts";
import { MAX_BLOB_BYTES } from "./limits.ts";
import { parseSegmentPath, segmentAt, segmentPath } from "./segment.ts";
import { shardOf } from "./shard.ts";

const lastOf = (path: string): string => path.split("/").at(-1) as string;

describe("paths", () => {
  it("name accounts and blobs, and are read again", () => {
    const account = new Uint8Array(33).fill(0xfb);
    account[0] = 5;
    expect(parseDirectoryPath(lastOf(directoryPath(account)))).toEqual(account);
    expect(directoryPath(account, { peek: true })).toBe(`${directoryPath(account)}?peek`);
    const id = new Uint8Array(32).fill(0xfe);
    expect(parseBlobPath(lastOf(blobPath(id)))).toEqual(id);
    account[0] = 6;
    expect(() => parseDirectoryPath(lastOf(directoryPath(account)))).toThrow("0x05");
  });

  it("name segments of shards", () => {
    const shard = shardOf(4, new Uint8Array(8).fill(0xab));
    expect(segmentPath(shard, 12)).toBe("/v1/shards/4/a000000000000000/12");
    expect(segmentPath(shard, 12, { tags: true })).toBe("/v1/shards/4/a000000000000000/12?tags");
    expect(parseSegmentPath("4", "a000000000000000", "12")).toEqual({ shard, segment: 12 });
    for (const number of ["012", "-1", "1e3", "", "9999999999999999"])
      expect(() => parseSegmentPath("0", "0000000000000000", number)).toThrow("unsigned integer");
    expect(segmentAt(900_000 * 5 - 1, 900_000)).toBe(4);
  });

  it.each(["ab", "a".repeat(33), "Alice", "1abc", "a b", "a/b", "älice", "", "-ab"])("refuse %j as a handle", (handle) => {
    expect(() => parseHandle(handle)).toThrow(expect.objectContaining({ code: "handle/invalid" }));
  });

  it("name handles, which an account signs with the time", () => {
    expect(handlePath("alice.b-c_d")).toBe("/v1/handles/alice.b-c_d");
    expect(Buffer.from(handleClaimMessage("bob", 258)).toString("latin1")).toBe("Sotto Handle v1bob\0\0\0\0\0\0\u0001\u0002");
  });

  it("read a part's place in a blob", () => {
    const part = { first: 10, last: 19, size: 30 };
    expect(decodeContentRange(encodeContentRange(part))).toEqual(part);
    for (const text of ["bytes 5-4/10", "bytes 0-10/10", "bytes 0-1/*", "bytes */10", "0-1/2", "bytes 0-1/2 ", "bytes -1-1/3"]) {
      expect(() => decodeContentRange(text)).toThrow(expect.objectContaining({ code: "frame/invalid" }));
    }
    expect(() => decodeContentRange(`bytes 0-1/${MAX_BLOB_BYTES + 1}`)).toThrow(expect.objectContaining({ code: "blob/too-large" }));
  });
});
