// A device that takes part in a simulated conversation, on either of the two kinds of session, as a client would run it: writes cells, waits
// for tags, reads, and holds what a thief of its store finds. When things happen is not its concern.

import {
  type CellAddress,
  type Cell,
  type Device,
  type DeviceEntry,
  type DeviceList,
  type OwnPrekeys,
  type Primitives,
  type PublicKey,
  ProtocolError,
  RatchetSession,
  type Session,
  decodeOneTimePrekeys,
  encodePrekeys,
  findPrekeys,
  newAddressCell,
  newPrekeys,
  openFirstContact,
  openStaticHello,
  prekeysOf,
  publishedPrekeys,
  renewPrekeys,
  sealFirstContact,
  sealStaticHello,
  serviceIdBytes,
  signBundle,
  spendPrekeys,
  startStaticSession,
  type Bundle,
  type OneTimePrekey,
} from "@sotto/protocol";
import { accountWithDevices } from "@sotto/protocol/testing";
import type { Layer } from "./recording.ts";

/** What anybody may know of a device: the directory has it. */
export interface Published {
  readonly account: PublicKey;
  readonly list: DeviceList;
  readonly entry: DeviceEntry;
  readonly bundles: readonly Bundle[];
  /** Newest last. */
  readonly oneTime: readonly OneTimePrekey[];
}

/** What is stored on a device, as the bytes that a thief finds there. */
export interface Loot {
  readonly device: Device;
  readonly session: Uint8Array;
  /** Absent where no prekeys are used. */
  readonly prekeys: Uint8Array | undefined;
}

/** What a party does for the simulation, whatever its session. */
export interface Party {
  readonly published: Published;
  /** All chance and computation goes through these; they can be exchanged for worse ones. */
  primitives: Primitives;
  /** A first contact: a message that needs no session, at the other side's public address. */
  begin(to: Published, oneTime: boolean, plaintext: Uint8Array, now: number): Cell;
  /** `undefined` while there is no session to write with. */
  write(plaintext: Uint8Array, now: number): Cell | undefined;
  /** Opens a first contact. */
  meet(from: Published, address: CellAddress, body: Uint8Array): Uint8Array;
  waitsFor(tag: Uint8Array): boolean;
  read(tag: Uint8Array, body: Uint8Array): Uint8Array;
  /** What is due after a time: prekeys renewed and erased. */
  upkeep(now: number): void;
  loot(): Loot;
}

const START_LOCATOR = new Uint8Array(8);
const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** A new account with one device. */
export function newParty(layer: Layer, p: Primitives, now: number): Party {
  return layer === "static" ? new StaticParty(p) : new RatchetParty(p, now);
}

abstract class OneDevice {
  primitives: Primitives;
  protected readonly device: Device;
  protected readonly account: PublicKey;
  protected readonly list: DeviceList;
  protected readonly entry: DeviceEntry;
  #tags = new Set<string>();

  constructor(p: Primitives) {
    const { account, devices, list } = accountWithDevices(p, 1);
    this.primitives = p;
    this.account = account.publicKey;
    this.list = list;
    this.device = devices[0] as Device;
    this.entry = list.entries[0] as DeviceEntry;
  }

  waitsFor(tag: Uint8Array): boolean {
    return this.#tags.has(key(tag));
  }

  protected watch(tags: readonly Uint8Array[]): void {
    this.#tags = new Set(tags.map(key));
  }

  protected introduce(to: Published, hello: Uint8Array, now: number): Cell {
    const p = this.primitives;
    const address = newAddressCell(p, to.account, now);
    const recipient = { account: to.account, device: to.entry };
    const body = sealFirstContact(p, { address, to: recipient, from: { list: this.list, deviceId: this.device.id }, hello });
    return { tag: address.tag, body };
  }

  protected helloIn(address: CellAddress, body: Uint8Array): Uint8Array {
    return openFirstContact(this.primitives, { address, body, device: this.device, account: this.account }).hello;
  }
}

class StaticParty extends OneDevice implements Party {
  #session: Session | undefined;

  get published(): Published {
    return { account: this.account, list: this.list, entry: this.entry, bundles: [], oneTime: [] };
  }

  #keep(session: Session): void {
    this.#session = session;
    this.watch(session.watched(this.primitives).map(({ tag }) => tag));
  }

  /** There is one session for ever. */
  #start({ entry }: Published): void {
    if (this.#session === undefined) this.#keep(startStaticSession(this.primitives, this.device.keys, entry.key));
  }

  begin(to: Published, _oneTime: boolean, plaintext: Uint8Array, now: number): Cell {
    this.#start(to);
    return this.introduce(to, sealStaticHello(this.primitives, this.device.keys, to.entry.key, plaintext), now);
  }

  write(plaintext: Uint8Array): Cell | undefined {
    const sealed = this.#session?.encrypt(this.primitives, plaintext);
    this.#session = sealed?.session;
    return sealed?.cell;
  }

  meet(from: Published, address: CellAddress, body: Uint8Array): Uint8Array {
    this.#start(from);
    return openStaticHello(this.primitives, this.device.keys, from.entry.key, this.helloIn(address, body));
  }

  read(tag: Uint8Array, body: Uint8Array): Uint8Array {
    const { session, plaintext } = (this.#session as Session).decrypt(this.primitives, tag, body);
    this.#keep(session);
    return plaintext;
  }

  upkeep(): void {}

  loot(): Loot {
    return { device: this.device, session: this.#session?.encode() ?? new Uint8Array(), prekeys: undefined };
  }
}

class RatchetParty extends OneDevice implements Party {
  #prekeys: OwnPrekeys;
  #session: RatchetSession | undefined;
  readonly #bundles: Bundle[] = [];
  readonly #oneTime = new Map<number, OneTimePrekey>();
  #oneTimeTaken = 0;

  constructor(p: Primitives, now: number) {
    super(p);
    this.#prekeys = newPrekeys(p, now);
    this.#publish(now);
  }

  get published(): Published {
    return { account: this.account, list: this.list, entry: this.entry, bundles: this.#bundles, oneTime: [...this.#oneTime.values()] };
  }

  #publish(now: number): void {
    const { prekeys, oneTime } = publishedPrekeys(this.primitives, this.device.keys, this.#prekeys);
    this.#bundles.push(signBundle(this.primitives, this.device, this.account, { issued: now, bits: 0, locator: START_LOCATOR, prekeys }));
    for (const prekey of decodeOneTimePrekeys(oneTime)) this.#oneTime.set(prekey.id, prekey);
  }

  #with({ account, entry }: Published): RatchetSession {
    if (this.#session !== undefined) return this.#session;
    const p = this.primitives;
    const address = (of: PublicKey, device: number) => ({ serviceId: serviceIdBytes(p, of), device });
    const { id, registrationId, keys } = this.device;
    return RatchetSession.start({
      ours: { identity: keys, registrationId, address: address(this.account, id) },
      theirs: { key: entry.key, address: address(account, entry.id) },
    });
  }

  #keep(session: RatchetSession): void {
    this.#session = session;
    this.watch(session.watched());
  }

  begin(to: Published, oneTime: boolean, plaintext: Uint8Array, now: number): Cell {
    const bundle = to.bundles.at(-1) as Bundle;
    const prekeys = prekeysOf(this.primitives, bundle, to.entry, oneTime ? to.oneTime.at(-++this.#oneTimeTaken) : undefined);
    const { session, hello } = this.#with(to).initiate(this.primitives, prekeys, plaintext, now);
    this.#keep(session);
    return this.introduce(to, hello, now);
  }

  write(plaintext: Uint8Array, now: number): Cell | undefined {
    try {
      const sealed = this.#session?.encrypt(this.primitives, plaintext, now);
      this.#session = sealed?.session;
      return sealed?.cell;
    } catch (error) {
      // Nobody answered for 30 days.
      if (error instanceof ProtocolError && error.code === "session/none") return undefined;
      throw error;
    }
  }

  meet(from: Published, address: CellAddress, body: Uint8Array): Uint8Array {
    const hello = this.helloIn(address, body);
    const find = (use: Parameters<typeof findPrekeys>[2]) => findPrekeys(this.#prekeys, this.device.keys, use);
    const { session, plaintext, used } = this.#with(from).answer(this.primitives, hello, find);
    if (used !== undefined) this.#prekeys = spendPrekeys(this.#prekeys, used);
    this.#keep(session);
    return plaintext;
  }

  read(tag: Uint8Array, body: Uint8Array): Uint8Array {
    const { session, plaintext } = (this.#session as RatchetSession).decrypt(this.primitives, tag, body);
    this.#keep(session);
    return plaintext;
  }

  upkeep(now: number): void {
    const { prekeys, changed } = renewPrekeys(this.primitives, this.#prekeys, now);
    this.#prekeys = prekeys;
    if (changed) this.#publish(now);
  }

  loot(): Loot {
    return { device: this.device, session: this.#session?.encode() ?? new Uint8Array(), prekeys: encodePrekeys(this.#prekeys) };
  }
}
