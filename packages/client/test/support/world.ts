// People with devices around a relay, in one process, for tests of the engine: a real relay, or for tests that live many lives one in memory, of
// which relay-contract.test.ts says that it is the same. Not a concern here: browsers, several processes.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeArgon2id, nodePrimitives } from "@sotto/protocol/primitives/node";
import { limitsWith, startRelay } from "@sotto/relay";
import type { BackupSource, Client, ClientOptions, Conversation, LinkMode, Message, Storage } from "../../src/api.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { MessengerError } from "../../src/errors.ts";
import type { Platform } from "../../src/platform.ts";
import { type Sdk, sdkOn } from "../../src/sdk.ts";
import { memory, type MemoryStorage } from "../../src/storage/memory.ts";
import { MemoryRelay } from "../../src/testing/relay/memory-relay.ts";
import { link } from "./linked-device.ts";
import { breakMemorySockets, memoryRelays, TestNetwork } from "./network.ts";

/** A client, what it stands on, and what it complained of. */
export interface Person {
  readonly client: Client;
  readonly storage: Storage;
  readonly network: TestNetwork;
  readonly errors: MessengerError[];
}

/** How a person is made. */
export interface PersonOptions extends Partial<ClientOptions> {
  readonly clock?: Clock;
  readonly network?: TestNetwork;
}

let worldsInMemory = 0;

/** A relay that runs. */
interface RunningRelay {
  readonly url: string;
  stop(): Promise<void>;
}

/** A relay and the people around it. */
export class World {
  /** What a real relay keeps; empty for one in memory. */
  readonly folder: string;
  #relay: RunningRelay;
  /** Starts it again, at the same address. */
  readonly #start: () => Promise<RunningRelay>;
  readonly #url: string;
  readonly #clients = new Set<Client>();

  private constructor(folder: string, relay: RunningRelay, start: () => Promise<RunningRelay>) {
    this.folder = folder;
    this.#relay = relay;
    this.#start = start;
    this.#url = relay.url;
  }

  /** Around a real relay. */
  static async open(): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), "sotto-engine-"));
    const relay = await relayIn(folder, 0);
    const port = Number(new URL(relay.url).port); // a relay that has stopped cannot be asked any more
    return new World(folder, relay, async () => await relayIn(folder, port));
  }

  /** Around a relay in memory, whose time this is, ms since 1970. */
  static async inMemory(now: () => number = Date.now): Promise<World> {
    const url = `http://relay-${++worldsInMemory}.test`;
    const relay = new MemoryRelay({ primitives: nodePrimitives(), now, random: Math.random });
    const start = async (): Promise<RunningRelay> => {
      memoryRelays.set(url, relay);
      const stop = async (): Promise<void> => {
        memoryRelays.delete(url);
        breakMemorySockets();
      };
      return { url, stop };
    };
    return new World("", await start(), start);
  }

  /** The relay's address, also while it is stopped. */
  get relay(): string {
    return this.#url;
  }

  /** A new account. */
  async person(name: string, options: PersonOptions = {}): Promise<Person> {
    return await this.#have(options, async (sdk, all) => await sdk.createAccount({ ...all, name }));
  }

  /** The account of a storage, opened again. */
  async reopen(storage: MemoryStorage, options: PersonOptions = {}): Promise<Person> {
    return await this.#have({ ...options, storage: storage.reopen() }, async (sdk, all) => await sdk.openAccount(all));
  }

  /** The account of any storage. */
  async opened(storage: Storage, options: PersonOptions = {}): Promise<Person> {
    return await this.#have({ ...options, storage }, async (sdk, all) => await sdk.openAccount(all));
  }

  /** The account once more, beside those that have it open, as another tab would: its storage is in memory. */
  async tab(of: Person, options: PersonOptions = {}): Promise<Person> {
    const storage = (of.storage as MemoryStorage).another();
    return await this.#have({ ...options, storage }, async (sdk, all) => await sdk.openAccount(all));
  }

  /** Somebody's tab dies: what others have of the account stays as it is. */
  kill(person: Person): void {
    this.abandon(person);
    (person.storage as MemoryStorage).reopen();
  }

  /** An account out of its words. */
  async restored(words: readonly string[], options: PersonOptions & { backup?: BackupSource } = {}): Promise<Person> {
    return await this.#have(options, async (sdk, all) => await sdk.restoreAccount(words.join(" "), all));
  }

  /**
   * A new device of somebody's account: it shows the code, the old device reads it. With `alone` it is enough that the new device has the
   * account: the old one may be gone by then.
   */
  async device(
    of: Person,
    mode: LinkMode = "link",
    { alone = false, ...options }: PersonOptions & { alone?: boolean } = {},
  ): Promise<Person> {
    return await this.#have(options, async (sdk, all) => {
      const session = await sdk.joinAsDevice(all);
      const { approved } = await link(session, of.client, mode);
      approved.catch(() => undefined);
      const [client] = await Promise.all([session.client, alone ? undefined : approved]);
      return client;
    });
  }

  /** Two people who have met by an invite: `[inviter, accepter]`, and each one's conversation. */
  async pair(options: { inviter?: PersonOptions; accepter?: PersonOptions } = {}): Promise<{
    alice: Person;
    bob: Person;
    aliceChat: Conversation;
    bobChat: Conversation;
  }> {
    const [alice, bob] = [await this.person("Alice", options.inviter), await this.person("Bob", options.accepter)];
    const bobChat = await meet(alice, bob);
    return { alice, bob, aliceChat: onlyChat(alice), bobChat };
  }

  /** The relay stops and starts again with the same board, at the same address. */
  async restartRelay(): Promise<void> {
    await (
      await this.stopRelay()
    )();
  }

  async stopRelay(): Promise<() => Promise<void>> {
    await this.#relay.stop();
    return async () => void (this.#relay = await this.#start());
  }

  /** Forgets a client as a crash does: it is not closed, and nothing of it reaches the relay any more. */
  abandon({ client, network }: Person): void {
    network.cut();
    this.#clients.delete(client);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.close()));
    await this.#relay.stop();
    if (this.folder !== "") await rm(this.folder, { recursive: true });
  }

  async #have(options: PersonOptions, open: (sdk: Sdk, options: ClientOptions) => Promise<Client>): Promise<Person> {
    const { clock = systemClock, network = new TestNetwork(), storage = memory(), ...rest } = options;
    const client = await open(sdkOn(platform(clock, network)), { relay: this.relay, storage, ...rest });
    this.#clients.add(client);
    const errors: MessengerError[] = [];
    client.on("error", (error) => errors.push(error));
    return { client, storage, network, errors };
  }
}

/** The accepter takes up an invite of the inviter, and both have heard of it. */
export async function meet(inviter: Person, accepter: Person): Promise<Conversation> {
  const { url } = await inviter.client.invites.create();
  const chat = await accepter.client.invites.accept(url);
  await settle(accepter, inviter, accepter, inviter);
  return chat;
}

/** Each in turn takes in what is on the board and sends what is to be sent. */
export async function settle(...people: readonly Person[]): Promise<void> {
  for (const { client } of people) await client.sync();
}

/** The one conversation of somebody who has one. */
export function onlyChat({ client }: Person): Conversation {
  const [chat] = client.conversations.list.get();
  if (chat === undefined) throw new Error("there is no conversation");
  return chat;
}

/** All texts of a conversation, oldest first. */
export async function texts(chat: Conversation): Promise<readonly string[]> {
  return (await messagesOf(chat)).map(({ text }) => text);
}

export async function messagesOf(chat: Conversation): Promise<readonly Message[]> {
  return (await chat.history({ limit: 10_000 })).items;
}

/** What of the texts that were accepted is not in a conversation, and what is there more than once. */
export function lostAndRepeated(
  accepted: readonly string[],
  stored: readonly string[],
): { readonly lost: readonly string[]; readonly repeated: readonly string[] } {
  return {
    lost: accepted.filter((text) => !stored.includes(text)),
    repeated: stored.filter((text, i) => stored.indexOf(text) !== i),
  };
}

/** The codes of what somebody complained of. */
export function complaints({ errors }: Person): readonly string[] {
  return errors.map(({ code }) => code);
}

function platform(clock: Clock, transport: TestNetwork): Platform {
  const places = { list: async () => [], fresh: () => Promise.reject(new Error("tests name their storage")) };
  return { primitives: nodePrimitives(), argon2id: async () => nodeArgon2id, transport, clock, deviceName: () => "Test device", places };
}

async function relayIn(dataDir: string, port: number): Promise<RunningRelay> {
  return await startRelay({ dataDir, port, host: "127.0.0.1", limits: limitsWith({}) });
}
