// A party on the static session: one agreed key, for ever.

import { type Cell, type CellAddress, type Session, openStaticHello, sealStaticHello, startStaticSession } from "@sotto/protocol";
import { OneDevice } from "./one-device.ts";
import type { Loot, Party, Published } from "./party.ts";

/** Speaks in boxes under one key. */
export class StaticParty extends OneDevice implements Party {
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
