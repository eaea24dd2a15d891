// The directory of the test relay: signed device lists and bundles by account, one-time prekeys that are handed out once each, and handles.
// Takes what clients publish; checks every signature and which of two is newer. Held to the real relay by test/relay/relay-contract.test.ts. Not
// a concern here: requests.

import { ascii, concat, equalBytes, parsePublicKey, type Primitives, verify } from "@sotto/protocol";
import {
  countOneTimePrekeys,
  type DirectoryRecord,
  type DeviceListView,
  type FoundRecord,
  type HandleClaim,
  handleClaimMessage,
  ONE_TIME_PREKEY_BYTES,
  type PublishedBundle,
  toHex,
  viewBundle,
  viewDeviceList,
  WireError,
} from "@sotto/wire";

/** How far `issued` may be ahead of the relay's clock, ms (spec §5). */
const MAX_AHEAD_MS = 60 * 60 * 1000;
/** Handles of one account. */
const MAX_HANDLES = 5;

const LIST_LABEL = ascii("Sotto DeviceList v1");
const DEVICE_LABEL = ascii("Sotto Device v1");
const BUNDLE_LABEL = ascii("Sotto Bundle v1");

/** A signed part, and what tells which of two is newer. */
interface KeptPart {
  readonly bytes: Uint8Array;
  readonly encoding: Uint8Array;
  readonly age: number;
}

interface KeptBundle extends KeptPart {
  readonly device: number;
  /** The device's one-time prekeys; indices of those that are left. */
  readonly oneTime?: { readonly list: Uint8Array; left: number[] };
}

interface KeptRecord {
  readonly list: KeptPart;
  readonly bundles: readonly KeptBundle[];
}

/** Accounts and handles in memory. */
export class Directory {
  readonly #p: Primitives;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #records = new Map<string, KeptRecord>();
  readonly #handles = new Map<string, Uint8Array>();

  /** @param random in [0, 1): which prekey is handed out */
  constructor(p: Primitives, now: () => number, random: () => number) {
    this.#p = p;
    this.#now = now;
    this.#random = random;
  }

  /** Publishes. Throws `frame/invalid` and `directory/…`; then nothing has changed. */
  put(account: Uint8Array, record: DirectoryRecord): void {
    const list = this.#verifiedList(account, record.list);
    const bundles = record.bundles.map((bundle) => this.#verifiedBundle(account, list, bundle));
    const held = this.#records.get(toHex(account));
    const brought: KeptPart = { bytes: record.list.slice(), encoding: list.encoding.slice(), age: list.version };
    this.#records.set(toHex(account), {
      list: held === undefined ? brought : newer(held.list, brought, "device list"),
      bundles: merged(held?.bundles ?? [], bundles, new Set(list.entries.map(({ device }) => device))),
    });
  }

  /** What is published; with `take`, one prekey of each device is used up. `directory/not-found`. */
  get(account: Uint8Array, { take }: { readonly take: boolean }): FoundRecord {
    const held = this.#records.get(toHex(account));
    if (held === undefined) throw new WireError("directory/not-found", "this relay holds no record of this account");
    const bundles = held.bundles.map(({ bytes, oneTime }) => {
      const taken = take && oneTime !== undefined ? oneTime.left[Math.floor(this.#random() * oneTime.left.length)] : undefined;
      if (oneTime === undefined || taken === undefined) return { bytes };
      oneTime.left = oneTime.left.filter((index) => index !== taken);
      return { bytes, oneTime: { list: oneTime.list, taken } };
    });
    return { list: held.list.bytes, bundles };
  }

  /** Claims a handle: first come, first served. `handle/bad-signature`, `handle/taken`, `handle/too-many`, `directory/from-the-future`. */
  putHandle(handle: string, { account, issued, signature }: HandleClaim): void {
    if (!this.#signed(account, handleClaimMessage(handle, issued), signature)) {
      throw new WireError("handle/bad-signature", "the claim is not signed by the account that it names");
    }
    this.#expectPast(issued);
    const owner = this.#handles.get(handle);
    if (owner !== undefined && !equalBytes(owner, account)) {
      throw new WireError("handle/taken", "this handle belongs to another account: choose another one");
    }
    const held = [...this.#handles.values()].filter((holder) => equalBytes(holder, account)).length;
    if (owner === undefined && held >= MAX_HANDLES) throw new WireError("handle/too-many", `an account has at most ${MAX_HANDLES} handles`);
    this.#handles.set(handle, account.slice());
  }

  /** The account (33 bytes) that has a handle. `handle/not-found`. */
  handle(handle: string): Uint8Array {
    const account = this.#handles.get(handle);
    if (account === undefined) throw new WireError("handle/not-found", "nobody claimed this handle here");
    return account;
  }

  #verifiedList(account: Uint8Array, bytes: Uint8Array): DeviceListView {
    const list = viewDeviceList(bytes);
    if (!equalBytes(list.account, account)) throw new WireError("frame/invalid", "the device list is of another account");
    if (!this.#signed(account, concat(LIST_LABEL, list.encoding), list.signature)) {
      throw new WireError("directory/bad-signature", "the device list is not signed by the account");
    }
    for (const { device, key, signature } of list.entries) {
      if (!this.#signed(key, concat(DEVICE_LABEL, account, Uint8Array.of(device), key), signature)) {
        throw new WireError("directory/bad-signature", "a device in the list did not sign its entry");
      }
    }
    return list;
  }

  #verifiedBundle(account: Uint8Array, list: DeviceListView, { bytes, oneTime }: PublishedBundle): KeptBundle {
    const bundle = viewBundle(bytes);
    if (!equalBytes(bundle.account, account)) throw new WireError("frame/invalid", "a bundle is of another account");
    const entry = list.entries.find(({ device }) => device === bundle.device);
    if (entry === undefined) throw new WireError("directory/not-listed", "a bundle's device is not in the list");
    if (!this.#signed(entry.key, concat(BUNDLE_LABEL, bundle.encoding), bundle.signature)) {
      throw new WireError("directory/bad-signature", "a bundle is not signed by its device");
    }
    this.#expectPast(bundle.issued);
    const prekeys = this.#verifiedPrekeys(oneTime, bundle.oneTimeHash);
    return {
      bytes: bytes.slice(),
      encoding: bundle.encoding.slice(),
      age: bundle.issued,
      device: bundle.device,
      ...(prekeys && { oneTime: prekeys }),
    };
  }

  #verifiedPrekeys(list: Uint8Array | undefined, hash: Uint8Array): KeptBundle["oneTime"] {
    if (list === undefined) {
      if (hash.every((byte) => byte === 0)) return undefined;
      throw new WireError("frame/invalid", "a bundle signs one-time prekeys that were not brought with it");
    }
    const count = countOneTimePrekeys(list);
    if (!equalBytes(this.#p.sha256(list), hash)) {
      throw new WireError("directory/bad-signature", "one-time prekeys are not those that their bundle signs");
    }
    return { list: list.slice(), left: Array.from({ length: count }, (_, index) => index) };
  }

  #signed(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    try {
      return verify(this.#p, parsePublicKey(this.#p, key), message, signature);
    } catch {
      return false; // what is no key signs nothing
    }
  }

  #expectPast(issued: number): void {
    if (issued <= this.#now() + MAX_AHEAD_MS) return;
    throw new WireError("directory/from-the-future", "issued is more than an hour ahead: set this device's clock");
  }
}

/** The newest bundle of each device that is listed. */
function merged(held: readonly KeptBundle[], brought: readonly KeptBundle[], listed: ReadonlySet<number>): readonly KeptBundle[] {
  const bundles = new Map(held.map((bundle) => [bundle.device, bundle]));
  if (new Set(brought.map(({ device }) => device)).size < brought.length) {
    throw new WireError("frame/invalid", "a record has two bundles of one device");
  }
  for (const bundle of brought) {
    const known = bundles.get(bundle.device);
    const kept = known === undefined ? bundle : newer(known, bundle, "bundle");
    bundles.set(bundle.device, kept === known ? kept : withoutTaken(known, kept));
  }
  return [...bundles.values()].filter(({ device }) => listed.has(device)).sort((a, b) => a.device - b.device);
}

function newer<T extends KeptPart>(held: T, brought: T, what: string): T {
  if (brought.age > held.age) return brought;
  if (brought.age < held.age) throw new WireError("directory/stale", `the relay holds a newer ${what}: fetch it and try again`);
  if (equalBytes(held.encoding, brought.encoding)) return held;
  throw new WireError("directory/conflict", `the relay holds another ${what} of the same age`);
}

/** A bundle that is signed anew may bring the same prekeys: what was handed out stays handed out. */
function withoutTaken(held: KeptBundle | undefined, next: KeptBundle): KeptBundle {
  if (held?.oneTime === undefined || next.oneTime === undefined) return next;
  const { list, left } = held.oneTime;
  const count = countOneTimePrekeys(list);
  const taken = new Set(
    Array.from({ length: count }, (_, i) => i)
      .filter((i) => !left.includes(i))
      .map((i) => prekeyAt(list, i)),
  );
  const { oneTime } = next;
  return { ...next, oneTime: { list: oneTime.list, left: oneTime.left.filter((i) => !taken.has(prekeyAt(oneTime.list, i))) } };
}

function prekeyAt(list: Uint8Array, index: number): string {
  const offset = 2 + index * ONE_TIME_PREKEY_BYTES;
  return toHex(list.subarray(offset, offset + ONE_TIME_PREKEY_BYTES));
}
