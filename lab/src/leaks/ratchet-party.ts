// A party on the ratchet: sessions begun from prekeys, prekeys published, spent, renewed and erased as a client does it.

import {
  type Bundle,
  type Cell,
  type CellAddress,
  type OneTimePrekey,
  type OwnPrekeys,
  type Primitives,
  ProtocolError,
  type PublicKey,
  RatchetSession,
  decodeOneTimePrekeys,
  encodePrekeys,
  findPrekeys,
  newPrekeys,
  prekeysOf,
  publishedPrekeys,
  renewPrekeys,
  serviceIdBytes,
  signBundle,
  spendPrekeys,
} from "@sotto/protocol";
import { OneDevice } from "./one-device.ts";
import type { Loot, Party, Published } from "./party.ts";

/** No shard of its own: 0 bits are published. */
const LOCATOR = new Uint8Array(8);

/** Holds a `RatchetSession` and the prekeys that others begin with. */
export class RatchetParty extends OneDevice implements Party {
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
    this.#bundles.push(signBundle(this.primitives, this.device, this.account, { issued: now, bits: 0, locator: LOCATOR, prekeys }));
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
