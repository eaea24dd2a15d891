// Cards: all that a person needs to write to another (spec §5): the device list, the bundles of its devices, where its boards are, the key of
// its request streams, its name. Takes a card and gives bytes, or the bytes of a stranger and gives a verified card. How a card travels is not
// a concern here.

import { type CborInput, decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type DeviceList, verifyDeviceList } from "../identity/device-list.ts";
import { MAX_CARD_LENGTH, MAX_DEVICES, MAX_NAME_LENGTH, MAX_RELAY_LENGTH, MAX_RELAYS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { BUNDLE_LENGTH, type Bundle, verifyBundle, verifyBundleSignature } from "./bundle.ts";
import { nameProblem } from "./name.ts";
import { relaysProblem } from "./relay-address.ts";

const REQUEST_KEY_LENGTH = 32;

/** A card that holds: every part is verified or our own. */
export interface Card {
  readonly list: DeviceList;
  /** At most one for each listed device; a device that was just added may still lack one. */
  readonly bundles: readonly Bundle[];
  /** Where its devices read, the first choice first: 1 to 4 of `http(s)://host[:port][/path]`, at most 510 bytes together. */
  readonly relays: readonly string[];
  /** When these relays were chosen, seconds since 1970: of two cards the later choice holds. */
  readonly chosen: number;
  /** 32 bytes, made for the one contact that gets this card. */
  readonly requestKey: Secret;
  /** At most 64 code points, no control characters; may be empty. */
  readonly name: string;
}

/** A card as somebody else sent it: laid out well, nothing of it verified. */
export interface CardIn {
  /** Absent where the list travels beside the card (first contact). */
  readonly list: Uint8Array | undefined;
  readonly bundles: readonly Uint8Array[];
  readonly relays: readonly string[];
  readonly chosen: number;
  readonly requestKey: Secret;
  readonly name: string;
}

/** The bytes of a card. `argument/invalid` for a name, relays or a request key out of bounds. */
export function encodeCard(card: Card): Uint8Array {
  return encode(card, card.bundles, card.list.bytes);
}

/**
 * The bytes of a card that has to fit: bundles are left out until it does, that of `deviceId` at the last, then relays but the first; they
 * follow in a later card. With `listApart` the list is left out too: `verifyCard` gets it from the first contact that it travels in.
 * `message/too-large` when it does not fit even so.
 */
export function encodeCardWithin(card: Card, limit: number, deviceId: number, options: { listApart?: boolean } = {}): Uint8Array {
  const list = options.listApart === true ? undefined : card.list.bytes;
  const mine = card.bundles.filter((bundle) => bundle.deviceId === deviceId);
  const bundles = [...mine, ...card.bundles.filter((bundle) => bundle.deviceId !== deviceId)];
  for (let count = bundles.length; count >= 0; count--) {
    const bytes = encode(card, bundles.slice(0, count), list);
    if (bytes.length <= limit) return bytes;
  }
  for (let count = card.relays.length - 1; count >= 1; count--) {
    const bytes = encode({ ...card, relays: card.relays.slice(0, count) }, [], list);
    if (bytes.length <= limit) return bytes;
  }
  throw new ProtocolError("message/too-large", "a card does not fit: a shorter name helps", { limit });
}

/** Reads the layout and the bounds. `decode/invalid`. */
export function decodeCard(bytes: Uint8Array): CardIn {
  if (bytes.length > MAX_CARD_LENGTH) throw new ProtocolError("decode/invalid", `a card is longer than ${MAX_CARD_LENGTH} bytes`);
  const fields = new Fields(decodeCbor(bytes, "a card"), "a card");
  const card = {
    list: fields.has("list") ? fields.bytesUpTo("list", MAX_CARD_LENGTH) : undefined,
    bundles: fields.byteStrings("bundles", MAX_DEVICES, BUNDLE_LENGTH, true),
    relays: fields.texts("relays", MAX_RELAYS, MAX_RELAY_LENGTH),
    chosen: fields.uint("chosen"),
    requestKey: new Secret(fields.bytes("requestKey", REQUEST_KEY_LENGTH)),
    name: fields.text("name", 2 * MAX_NAME_LENGTH),
  };
  fields.end();
  const problem = problemOf(card);
  if (problem !== undefined) throw new ProtocolError("decode/invalid", problem);
  return card;
}

/**
 * Verifies a card: the list's signatures, then every bundle against the list and against the clock. `listApart` is the verified list of
 * a card that comes without its own. `decode/invalid`, the errors of `verifyDeviceList` and `verifyBundle`. Whether the list is the newest
 * known of this account is the caller's question.
 */
export function verifyCard(p: Primitives, bytes: Uint8Array, now: number, listApart?: DeviceList): Card {
  return verifyWith(p, bytes, listApart, (bundle, list) => verifyBundle(p, bundle, list, now));
}

/** All of `verifyCard` but the age of the bundles: for cards that this account verified before and kept, or hands to its own devices. */
export function verifyKeptCard(p: Primitives, bytes: Uint8Array): Card {
  return verifyWith(p, bytes, undefined, (bundle, list) => verifyBundleSignature(p, bundle, list));
}

function verifyWith(
  p: Primitives,
  bytes: Uint8Array,
  listApart: DeviceList | undefined,
  check: (bundle: Uint8Array, list: DeviceList) => Bundle,
): Card {
  const card = decodeCard(bytes);
  if ((card.list === undefined) === (listApart === undefined)) {
    throw new ProtocolError("decode/invalid", "a card comes with its device list, or with a first contact that has it, not both");
  }
  const list = listApart ?? verifyDeviceList(p, card.list as Uint8Array);
  const bundles = card.bundles.map((bundle) => check(bundle, list));
  if (new Set(bundles.map((bundle) => bundle.deviceId)).size !== bundles.length) {
    throw new ProtocolError("decode/invalid", "a card holds two bundles of one device");
  }
  const { relays, chosen, requestKey, name } = card;
  return { list, bundles, relays, chosen, requestKey, name };
}

function encode(card: Card, bundles: readonly Bundle[], list: Uint8Array | undefined): Uint8Array {
  const problem = problemOf(card);
  if (problem !== undefined) throw new ProtocolError("argument/invalid", problem);
  const fields: CborInput = {
    list,
    bundles: bundles.map((bundle) => bundle.bytes),
    relays: card.relays,
    chosen: card.chosen,
    requestKey: card.requestKey.expose(),
    name: card.name,
  };
  return encodeCbor(fields);
}

function problemOf(card: { name: string; relays: readonly string[]; requestKey: Secret }): string | undefined {
  const name = nameProblem(card.name);
  if (name !== undefined) return `a card: the name ${name}`;
  const relays = relaysProblem(card.relays);
  if (relays !== undefined) return `a card: the relays ${relays}`;
  return card.requestKey.length === REQUEST_KEY_LENGTH ? undefined : `a card: a request key has ${REQUEST_KEY_LENGTH} bytes`;
}
