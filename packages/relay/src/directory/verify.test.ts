import { type DirectoryRecord, handleClaimMessage } from "@sotto/wire";
import { describe, expect, it } from "vitest";
import { numbers, prekeyList } from "../../test/support/prekeys.ts";
import { newSigner, signedBundle, signedList } from "../../test/support/signer.ts";
import { verifyClaim, verifyRecord } from "./verify.ts";

const NOW = 1_000_000_000_000;
const account = newSigner();
const phone = { id: 1, signer: newSigner() };
const laptop = { id: 2, signer: newSigner() };
const stranger = { id: 3, signer: newSigner() };
const list = signedList(account, [phone, laptop], 7);
const bundle = signedBundle(account.key, phone, NOW);
const good: DirectoryRecord = { list, bundles: [bundle] };

function expectRefused(record: DirectoryRecord, code: string): void {
  expect(() => verifyRecord(account.key, record, NOW)).toThrow(expect.objectContaining({ code }));
}

describe("verifyRecord", () => {
  it("gives what is compared and kept", () => {
    expect(verifyRecord(account.key, good, NOW)).toEqual({
      account: account.key,
      list: { version: 7, bytes: list, signedLength: list.length - 64 },
      devices: [1, 2],
      bundles: [{ device: 1, issued: NOW, bytes: bundle.bytes, signedLength: bundle.bytes.length - 64 }],
    });
  });

  it("refuses a list that the account did not sign", () => {
    expectRefused({ ...good, list: list.with(5, 1) }, "directory/bad-signature");
    const forged = signedList({ key: account.key, sign: stranger.signer.sign }, [phone], 8);
    expectRefused({ list: forged, bundles: [] }, "directory/bad-signature");
  });

  it("refuses a device that did not agree to be listed", () => {
    const captured = { id: 4, signer: { key: stranger.signer.key, sign: account.sign } };
    expectRefused({ list: signedList(account, [phone, captured], 8), bundles: [] }, "directory/bad-signature");
  });

  it("refuses a record of another account", () => {
    const other = newSigner();
    expectRefused({ list: signedList(other, [phone], 1), bundles: [] }, "frame/invalid");
    expectRefused({ list, bundles: [signedBundle(other.key, phone, NOW)] }, "frame/invalid");
  });

  it("refuses a bundle of a device that is not listed, or that the device did not sign", () => {
    expectRefused({ list, bundles: [signedBundle(account.key, stranger, NOW)] }, "directory/not-listed");
    const forged = signedBundle(account.key, { id: 1, signer: laptop.signer }, NOW);
    expectRefused({ list, bundles: [forged] }, "directory/bad-signature");
  });

  it("refuses a bundle from the future, which would block the device's next ones", () => {
    const hour = 3_600_000;
    expect(verifyRecord(account.key, { list, bundles: [signedBundle(account.key, phone, NOW + hour)] }, NOW).bundles).toHaveLength(1);
    expectRefused({ list, bundles: [signedBundle(account.key, phone, NOW + hour + 1)] }, "directory/from-the-future");
  });
});

describe("the one-time prekeys of a bundle", () => {
  const oneTime = prekeyList([7, 8, 9]);
  const withPrekeys = signedBundle(account.key, phone, NOW, { oneTime });

  it("come with it, all of them left", () => {
    const [verified] = verifyRecord(account.key, { list, bundles: [withPrekeys] }, NOW).bundles;
    expect(verified?.oneTime).toEqual({ list: oneTime, left: Uint8Array.of(0, 1, 2) });
    const none = signedBundle(account.key, phone, NOW, { oneTime: prekeyList([]) });
    expect(verifyRecord(account.key, { list, bundles: [none] }, NOW).bundles[0]?.oneTime?.left).toEqual(new Uint8Array(0));
  });

  it("are those that it signs", () => {
    expectRefused({ list, bundles: [{ ...withPrekeys, oneTime: prekeyList([7, 8, 10]) }] }, "directory/bad-signature");
    expectRefused({ list, bundles: [{ ...bundle, oneTime }] }, "directory/bad-signature");
    expectRefused({ list, bundles: [{ bytes: withPrekeys.bytes }] }, "frame/invalid");
  });

  it("are laid out as such even if the bundle signs something else", () => {
    for (const broken of [new Uint8Array(0), oneTime.subarray(0, -1), prekeyList(numbers(0, 101)), Uint8Array.from([...oneTime, 0])]) {
      expectRefused({ list, bundles: [signedBundle(account.key, phone, NOW, { oneTime: broken })] }, "frame/invalid");
    }
  });
});

describe("verifyClaim", () => {
  const claim = { account: account.key, issued: NOW, signature: account.sign(handleClaimMessage("alice", NOW)) };

  it("believes the account's own signature over this handle and time, nothing else", () => {
    expect(verifyClaim("alice", claim, NOW)).toEqual({ handle: "alice", account: account.key, issued: NOW });
    for (const [handle, changed] of [
      ["alicf", claim],
      ["alice", { ...claim, issued: NOW + 1 }],
      ["alice", { ...claim, account: newSigner().key }],
    ] as const) {
      expect(() => verifyClaim(handle, changed, NOW)).toThrow(expect.objectContaining({ code: "handle/bad-signature" }));
    }
  });
});
