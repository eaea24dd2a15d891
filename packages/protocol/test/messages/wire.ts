// Everything that these parts of the protocol put on the wire, from one seed: what vectors.test.ts compares with the frozen values. To freeze
// new ones on purpose (a new format, never a refactor): `node packages/protocol/test/messages/wire.ts > packages/protocol/test/messages/wire.json`.

import { argv, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { ascii } from "../../src/bytes.ts";
import { encodeContents } from "../../src/content/contents.ts";
import type { DeviceEntry } from "../../src/identity/device.ts";
import { encodeCard, encodeCardWithin } from "../../src/meeting/card.ts";
import { sealFirstContact } from "../../src/meeting/first-contact.ts";
import { claimAddress } from "../../src/meeting/claim-slot.ts";
import { inviteKeys, inviteLink } from "../../src/meeting/invite.ts";
import { sealInviteBlob } from "../../src/meeting/invite-blob.ts";
import { addressPrefix, newAddressCell, utcDay } from "../../src/meeting/public-address.ts";
import { requestAddress, requestStream } from "../../src/meeting/request.ts";
import { Secret } from "../../src/secret.ts";
import { startStaticSession } from "../../src/session/static-session.ts";
import { type CellAddress, cellAddress, sealCell } from "../../src/stream/cell.ts";
import { testPrimitives } from "../support/index.ts";
import { NOW, firstDevice, person } from "./people.ts";
import { begin, end } from "./sessions.ts";

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const address = ({ tag, cellKey }: CellAddress): { tag: string; cellKey: string } => ({ tag: hex(tag), cellKey: hex(cellKey.expose()) });

/** Inputs and outputs by name, bytes in hexadecimal. */
export function wire(): Record<string, unknown> {
  const p = testPrimitives("wire");
  const [alice, bob] = [person(p), person(p, { name: "Bob", count: 2 })];
  const [ours, theirs] = [firstDevice(alice).keys, firstDevice(bob).keys];
  const account = alice.account.publicKey;
  const T = new Secret(p.randomBytes(32));
  const cell = cellAddress(p, T, 7);
  const secret = new Secret(p.randomBytes(32));
  const { relays, requestKey } = alice.card;
  const relay = relays[0] as string;
  const keys = inviteKeys(p, secret);
  const session = startStaticSession(p, ours, theirs.publicKey);
  const first = session.encrypt(p, ascii("hello world"));
  const claim = claimAddress(p, keys.requestKey, 3);
  const { hello } = begin(p, end(bob), end(alice), ascii("hello"));
  const to = { account, device: alice.list.entries[0] as DeviceEntry };
  const text = { type: "text", id: new Uint8Array(16).fill(1), sent: NOW, body: { text: "hello world" } } as const;
  const receipt = { type: "receipt", id: new Uint8Array(16).fill(2), sent: NOW, body: { delivered: [text.id], read: [] } } as const;
  return {
    T: hex(T.expose()),
    cell7: address(cell),
    body: hex(sealCell(p, cell, "static", ascii("payload"))),
    ourPrivate: hex(ours.privateKey.expose()),
    ourPublic: hex(ours.publicKey),
    theirPublic: hex(theirs.publicKey),
    session: hex(session.encode()),
    firstTag: hex(first.cell.tag),
    firstBody: hex(first.cell.body),
    watched0: hex((session.watched(p)[0] as { tag: Uint8Array }).tag),
    account: hex(account),
    bundle: hex((alice.card.bundles[0] as { bytes: Uint8Array }).bytes),
    oneTimeList: hex((alice.prekeys[0] as { list: Uint8Array }).list),
    card: hex(encodeCard(alice.card)),
    cardApart: hex(encodeCardWithin(bob.card, 700, 2, { listApart: true })),
    requestKey: hex(requestKey.expose()),
    requestStream: hex(requestStream(p, requestKey, theirs.publicKey, ours.publicKey).expose()),
    request5: address(requestAddress(p, requestKey, theirs.publicKey, ours.publicKey, 5)),
    inviteSecret: hex(secret.expose()),
    inviteLink: inviteLink(p, { origin: "https://sotto.example", relay, secret, account }),
    blobId: hex(keys.blobId),
    blobKey: hex(keys.blobKey.expose()),
    inviteRequestKey: hex(keys.requestKey.expose()),
    claim3: address(claim),
    inviteBlob: hex(sealInviteBlob(p, keys, { card: alice.card, expires: NOW + 1, uses: 4 }, NOW)),
    firstContact: hex(sealFirstContact(p, { address: claim, to, from: { list: bob.list, deviceId: 1 }, hello })),
    day: utcDay(NOW),
    addressPrefix: hex(addressPrefix(p, account, utcDay(NOW))),
    addressCell: address(newAddressCell(p, account, NOW)),
    contents: hex(encodeContents([text, receipt])),
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) stdout.write(`${JSON.stringify(wire(), null, 2)}\n`);
