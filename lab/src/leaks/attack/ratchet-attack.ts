// The attack on the ratchet: from the stolen state, current and archived sessions alike, and from every first contact in the log whose
// handshake can be computed again. Each is a point from which the chase begins.

import { type Primitives, type RecordedSession, ProtocolError, decodePrekeys, equalBytes, readPrekeyMessage } from "@sotto/protocol";
import { startEpochChains } from "../../../../packages/protocol/src/session/spqr/epoch-chains.ts";
import type { ReceivingStreams } from "../../../../packages/protocol/src/stream/receiving-streams.ts";
import type { Loot, Published } from "../party.ts";
import type { Board } from "./board.ts";
import { BraidChase } from "./braid-chase.ts";
import type { Finds } from "./finds.ts";
import { type OpenedContact, firstContacts } from "./first-contacts.ts";
import { handshakes } from "./handshake.ts";
import type { KnownKeys } from "./known-keys.ts";
import { type End, RatchetChase, otherEnd } from "./ratchet-chase.ts";
import { storedSession } from "./stored-session.ts";

/** What every part of the attack works on. */
export interface Scene {
  readonly p: Primitives;
  readonly board: Board;
  readonly finds: Finds;
  readonly keys: KnownKeys;
}

/** Adds what the stolen state, if there is one, and the known keys open. */
export function attackRatchet(scene: Scene, accounts: readonly Published[], days: readonly number[], loot: Loot | undefined): void {
  const { p, board, keys } = scene;
  if (loot !== undefined) fromState(scene, loot);
  for (const contact of firstContacts(p, board, keys, accounts, days)) fromFirstContact(scene, contact);
}

function fromState(scene: Scene, loot: Loot): void {
  const { p, keys } = scene;
  if (loot.prekeys !== undefined) {
    const { generations, oneTime } = decodePrekeys(p, loot.prekeys);
    for (const { signed, kyber } of generations) {
      keys.add(signed.privateKey.expose());
      keys.addKem(kyber.seed.expose());
    }
    for (const { privateKey } of oneTime.values()) keys.add(privateKey.expose());
  }
  const { record, streams } = storedSession(p, loot.session);
  for (const session of [...(record.current === undefined ? [] : [record.current]), ...record.archived]) {
    const watched = streams.find(({ baseKey }) => equalBytes(baseKey, session.baseKey))?.streams;
    fromSession(scene, session, watched);
  }
}

function fromSession(scene: Scene, { ratchet }: RecordedSession, streams: ReceivingStreams | undefined): void {
  const { p, keys } = scene;
  keys.add(ratchet.ourRatchetKey.privateKey.expose());
  const us: End = ratchet.spqr.chains.direction === "A2B" ? "initiator" : "responder";
  const them = otherEnd(us);
  const braid = new BraidChase(p, keys, ratchet.spqr.chains);
  braid.loot(ratchet.spqr.braid);
  const identities = { [us]: ratchet.ourIdentity, [them]: ratchet.theirIdentity } as Record<End, Uint8Array>;
  const chase = new RatchetChase(p, { ...scene, identities, braid });

  chase.hold(ratchet.ourRatchetKey.publicKey, { chain: ratchet.sending, skipped: new Map() });
  for (const { theirRatchetKey, chain, skipped } of ratchet.receiving) chase.hold(theirRatchetKey, { chain, skipped });
  for (const address of streams?.ended.flat() ?? []) {
    const found = scene.board.at(p, address, address.index);
    if (found !== undefined) chase.sight(them, found);
  }
  if (ratchet.sendingStream.current !== undefined) chase.walk(us, ratchet.sendingStream.current);
  if (ratchet.receivingStream.current !== undefined) chase.walk(them, ratchet.receivingStream.current);
  const next = { [us]: ratchet.sendingStream.next, [them]: ratchet.receivingStream.next } as Record<End, Uint8Array | undefined>;
  chase.follow({ rootKey: ratchet.rootKey, taker: us, ratchetKey: ratchet.ourRatchetKey.publicKey }, next);
  chase.open();
}

function fromFirstContact(scene: Scene, { number, recipient, contact }: OpenedContact): void {
  const { p, keys, finds } = scene;
  finds.introduced.add(number);
  const incoming = helloOf(contact.hello);
  if (incoming === undefined) return;
  const identities = { initiator: contact.device.key, responder: recipient.entry.key };
  for (const { rootKey, spqrKey, streams, signedPrekey } of handshakes(p, keys, incoming, recipient)) {
    const braid = new BraidChase(p, keys, startEpochChains(p, spqrKey, "A2B"));
    const chase = new RatchetChase(p, { ...scene, identities, braid });
    const first = chase.see("initiator", number, incoming.content.message);
    chase.follow({ rootKey, taker: "responder", ratchetKey: signedPrekey }, { ...streams }, first);
    chase.open();
  }
}

function helloOf(bytes: Uint8Array): ReturnType<typeof readPrekeyMessage> | undefined {
  try {
    return readPrekeyMessage(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
