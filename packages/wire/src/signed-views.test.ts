import { describe, expect, it } from "vitest";
import { writeBe8 } from "./layout.ts";
import { MAX_BUNDLE_BYTES } from "./limits.ts";
import { countOneTimePrekeys, viewBundle, viewDeviceList } from "./signed-views.ts";

function list(devices: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(83 + devices.length * 106 + 64);
  bytes[0] = 1;
  writeBe8(bytes, 1, 7);
  writeBe8(bytes, 9, 1234);
  bytes.fill(5, 17, 50);
  bytes[82] = devices.length;
  devices.forEach((device, i) => {
    bytes[83 + i * 106] = device;
    bytes.fill(device, 84 + i * 106, 84 + i * 106 + 33);
    bytes.fill(200 + i, 83 + i * 106 + 42, 83 + (i + 1) * 106);
  });
  bytes.fill(9, bytes.length - 64);
  return bytes;
}

describe("viewDeviceList", () => {
  it("finds every field", () => {
    const view = viewDeviceList(list([1, 127]));
    expect(view).toMatchObject({ version: 7, issued: 1234, account: new Uint8Array(33).fill(5), signature: new Uint8Array(64).fill(9) });
    expect(view.encoding.length).toBe(83 + 2 * 106);
    expect(view.entries).toEqual([
      { device: 1, key: new Uint8Array(33).fill(1), signature: new Uint8Array(64).fill(200) },
      { device: 127, key: new Uint8Array(33).fill(127), signature: new Uint8Array(64).fill(201) },
    ]);
  });

  it.each([
    ["a device id twice", list([3, 3])],
    ["device id 0", list([0])],
    ["device id 128", list([128])],
    ["a torn list", list([1, 2]).subarray(0, -1)],
    ["a longer list", Uint8Array.from([...list([1]), 0])],
    ["17 devices", list(Array.from({ length: 17 }, (_, i) => i + 1))],
    ["another format", list([1]).with(0, 2)],
  ])("refuses %s", (_, bytes) => {
    expect(() => viewDeviceList(bytes)).toThrow(expect.objectContaining({ code: "frame/invalid" }));
  });
});

describe("viewBundle", () => {
  const bundle = new Uint8Array(150).fill(4);
  bundle[0] = 1;
  bundle[34] = 12;
  writeBe8(bundle, 37, 99);

  it("finds the head, the hash and the signature, whatever is in between", () => {
    expect(viewBundle(bundle)).toMatchObject({ device: 12, issued: 99, account: new Uint8Array(33).fill(4) });
    const longer = new Uint8Array(2000);
    longer.set(bundle);
    longer.fill(7, 2000 - 64 - 32, 2000 - 64);
    longer.fill(8, 2000 - 64);
    const view = viewBundle(longer);
    expect(view).toMatchObject({ device: 12, issued: 99, oneTimeHash: new Uint8Array(32).fill(7), signature: new Uint8Array(64).fill(8) });
    expect(view.encoding.length).toBe(2000 - 64);
  });

  it("refuses one that is too short or too long", () => {
    expect(viewBundle(bundle.subarray(0, 45 + 32 + 64)).device).toBe(12);
    expect(() => viewBundle(bundle.subarray(0, 45 + 32 + 63))).toThrow("too short");
    expect(() => viewBundle(new Uint8Array(MAX_BUNDLE_BYTES + 1).fill(1))).toThrow("too long");
  });
});

describe("countOneTimePrekeys", () => {
  const prekeys = (count: number, length = 2 + count * 37): Uint8Array => {
    const bytes = new Uint8Array(length).fill(6);
    if (length > 1) bytes.set([count >> 8, count & 255]);
    return bytes;
  };

  it("counts", () => {
    for (const count of [0, 1, 37, 100]) expect(countOneTimePrekeys(prekeys(count))).toBe(count);
  });

  it.each([
    ["no bytes", prekeys(0, 0)],
    ["half a count", prekeys(0, 1)],
    ["a torn key", prekeys(3).subarray(0, -1)],
    ["a byte too many", prekeys(3, 2 + 3 * 37 + 1)],
    ["101 keys", prekeys(101)],
    ["a count in the other order", Uint8Array.from([1, 0, ...prekeys(1).subarray(2)])],
  ])("refuses %s", (_, bytes) => {
    expect(() => countOneTimePrekeys(bytes)).toThrow(expect.objectContaining({ code: "frame/invalid" }));
  });
});
