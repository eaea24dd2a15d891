// A relay for tests of apps: in the test's own process, without network, on a clock that stands still. Takes a seed and a first moment; gives
// opened clients, faults, and everything the relay saw. Not a concern here: its parts (relay/), the way to it (network.ts).
//
// Deterministic: keys, tags and faults come out of the seed, time is the test's. The same test does the same, byte for byte.

import type { Primitives } from "@sotto/protocol";
import type { Argon2id } from "@sotto/protocol/primitives/argon2id";
import type { Client, ClientOptions, Storage, Transport } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { loadEverything } from "../later.ts";
import type { Platform, StoragePlace } from "../platform.ts";
import { type Sdk, sdkOn } from "../sdk.ts";
import { memory } from "../storage/memory.ts";
import { Chance } from "./chance.ts";
import type { Faults } from "./faults.ts";
import { MemoryNetwork } from "./network.ts";
import { MemoryRelay } from "./relay/memory-relay.ts";
import { Rest } from "./rest.ts";
import { findSeen, type RelayRecord } from "./seen.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How a test relay is made. */
export interface TestRelayOptions {
  /** The first moment, ms since 1970. Default: the beginning of 2026. */
  readonly now?: number;
  /** Seed of all chance. Default: 1. */
  readonly random?: number;
}

/** A relay in this process, and the clients on it. */
export interface TestRelay extends AsyncDisposable {
  readonly url: URL;
  /** For clients made otherwise: `createAccount({ relay: relay.url, transport: relay.transport, … })`. These live by the system's clock. */
  readonly transport: Transport;
  /** The functions of `@sotto/client` on this relay's clock, chance and network; accounts without `storage` are kept in memory. */
  readonly sdk: Sdk;
  /** Opens the account in `options.storage`, if there is one; otherwise makes one with this name. Resolves at rest. */
  client(name: string, options?: Partial<ClientOptions>): Promise<Client>;
  /** Everything that reached the relay, in order. */
  readonly seen: readonly RelayRecord[];
  /** The first record in which these bytes, or this text as UTF-8, stand; `undefined` when the relay never saw them. */
  saw(what: string | Uint8Array): RelayRecord | undefined;
  /** What goes wrong from now on, for everybody or for one client. What is not named stays as it was. `argument/invalid`. */
  fault(faults: Partial<Faults>, client?: Client): void;
  /** The moment by this relay's clock. */
  now(): Date;
  /**
   * Moves the clock on by `ms` (0: not at all) and resolves at rest: everything that was due has happened, no request, answer or frame moves,
   * no storage is busy. What an app does by timers of its own is not waited for. `argument/invalid` when it never comes to rest.
   */
  advance(ms: number): Promise<void>;
  /** Closes the clients that `client` gave, and breaks the sockets of all others. */
  close(): Promise<void>;
}

/** What a platform gives to test relays. */
export interface TestPlatform {
  /** Primitives on this randomness. */
  primitives(randomBytes: (length: number) => Uint8Array): Primitives;
  argon2id(): Promise<Argon2id>;
}

const ORIGIN = "https://relay.test";

/** `createTestRelay` on a platform. */
export function createTestRelayOn(platform: TestPlatform): (options?: TestRelayOptions) => TestRelay {
  return (options) => new InProcessRelay(platform, options);
}

class InProcessRelay implements TestRelay {
  readonly url = new URL(ORIGIN);
  readonly transport: Transport;
  readonly sdk: Sdk;
  readonly #platform: TestPlatform;
  readonly #seed: number;
  readonly #clock: VirtualClock;
  readonly #rest = new Rest();
  readonly #relay: MemoryRelay;
  readonly #networks = new Map<Client | undefined, MemoryNetwork>();
  readonly #names = new Map<string, number>();
  #faults: Partial<Faults> = {};

  constructor(platform: TestPlatform, { now, random = 1 }: TestRelayOptions = {}) {
    this.#platform = platform;
    this.#seed = random;
    this.#clock = new VirtualClock(now);
    const chance = new Chance(random, "relay");
    this.#relay = new MemoryRelay({
      primitives: seededPrimitives(platform, chance),
      now: () => this.#clock.now(),
      random: () => chance.next(),
    });
    const network = this.#network("everybody else");
    this.#networks.set(undefined, network);
    this.transport = network;
    this.sdk = sdkOn(this.#machine("everybody else", network));
  }

  get seen(): readonly RelayRecord[] {
    return this.#relay.seen;
  }

  saw(what: string | Uint8Array): RelayRecord | undefined {
    return findSeen(this.#relay.seen, what);
  }

  now(): Date {
    return new Date(this.#clock.now());
  }

  async client(name: string, options: Partial<ClientOptions> = {}): Promise<Client> {
    // Parts that are loaded when they are first needed would be waited for by nobody.
    await loadEverything();
    const stream = this.#stream(name);
    const network = this.#network(stream);
    network.fault(this.#faults);
    const sdk = sdkOn(this.#machine(stream, network, name));
    const { storage = memory() } = options;
    const all = { relay: this.url, ...options, storage: this.#rest.watched(storage) };
    const [found] = await sdk.listAccounts(storage);
    const client = await (found === undefined ? sdk.createAccount({ ...all, name }) : sdk.openAccount(all));
    this.#networks.set(client, network);
    await this.#rest.reached();
    return client;
  }

  fault(faults: Partial<Faults>, client?: Client): void {
    if (client !== undefined) return this.#networkOf(client).fault(faults);
    for (const network of this.#networks.values()) network.fault(faults);
    this.#faults = { ...this.#faults, ...faults };
  }

  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) throw new MessengerError("argument/invalid", { reason: "a clock moves on by 0 ms or more" });
    await this.#clock.advance(ms, () => this.#rest.reached());
  }

  async close(): Promise<void> {
    const clients = [...this.#networks.keys()].filter((client) => client !== undefined);
    await Promise.all(clients.map((client) => client.close()));
    for (const network of this.#networks.values()) network.breakSockets();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #networkOf(client: Client): MemoryNetwork {
    const network = this.#networks.get(client);
    if (network === undefined) throw new MessengerError("argument/invalid", { reason: "this client was not made by this relay" });
    return network;
  }

  /** A stream of chance for each client: of the same name, the first, the second, … */
  #stream(name: string): string {
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    return `${name} ${count}`;
  }

  #network(stream: string): MemoryNetwork {
    const chance = new Chance(this.#seed, `network of ${stream}`);
    return new MemoryNetwork({
      relay: (origin) => (origin === ORIGIN ? this.#relay : undefined),
      clock: this.#clock,
      random: () => chance.next(),
      moved: this.#rest.moved,
    });
  }

  /** The machine of a client. */
  #machine(stream: string, transport: Transport, name = "Test device"): Platform {
    const places: StoragePlace[] = [];
    return {
      primitives: seededPrimitives(this.#platform, new Chance(this.#seed, stream)),
      argon2id: () => this.#platform.argon2id(),
      transport,
      clock: this.#clock,
      deviceName: () => name,
      places: {
        list: async () => places,
        fresh: async () => {
          const place = placeInMemory(() => void places.splice(places.indexOf(place), 1));
          places.push(place);
          return place;
        },
      },
    };
  }
}

/** Primitives that take all their randomness from a stream; natively made encapsulations bring their own. */
function seededPrimitives(platform: TestPlatform, chance: Chance): Primitives {
  const randomBytes = (length: number): Uint8Array => chance.bytes(length);
  const primitives = platform.primitives(randomBytes);
  const { mlKem768, mlKem1024 } = primitives;
  const seeded = <K extends Primitives["mlKem1024"]>(kem: K): K => ({
    ...kem,
    encapsulate: (publicKey, message = randomBytes(32)) => kem.encapsulate(publicKey, message),
  });
  return { ...primitives, mlKem768: seeded(mlKem768), mlKem1024: seeded(mlKem1024) };
}

function placeInMemory(forget: () => void): StoragePlace {
  const storage: Storage = memory();
  return { storage, discard: async () => forget() };
}
