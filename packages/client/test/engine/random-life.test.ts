// Random lives: people with several devices write while networks break, answers get lost, relays restart and processes are killed. At the
// end everybody is brought together, and every device has every message once, in one order, each author's as they were written.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Conversation } from "../../src/api.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { messagesOf, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

const SEEDS = [1, 2, 3, 4];
const STEPS = 60;

let world: World;
beforeAll(async () => void (world = await World.inMemory()));
afterAll(async () => await world.close());

/** Numbers in [0, 1) from a seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Alice with two devices, Bob with one; who they are now, since a killed one is opened again as another object. */
class Lives {
  readonly people: Person[];
  /** What each account wrote, by device. */
  readonly written = new Map<number, string[]>();
  readonly #chance: () => number;

  constructor(people: Person[], chance: () => number) {
    this.people = people;
    this.#chance = chance;
  }

  async step(number: number): Promise<void> {
    const index = Math.floor(this.#chance() * this.people.length);
    const person = this.people[index] as Person;
    const dice = this.#chance();
    if (dice < 0.5) await this.#write(index, `${index}:${number}`);
    else if (dice < 0.6) person.network.cut();
    else if (dice < 0.75) person.network.heal();
    else if (dice < 0.8) person.network.loseAnswers = 1;
    else if (dice < 0.9) await person.client.sync().catch(() => undefined);
    else await this.#kill(index);
  }

  /** Everybody back, everything said and heard. */
  async gather(): Promise<void> {
    for (const { network } of this.people) {
      network.heal();
      network.loseAnswers = 0;
    }
    await settle(...this.people);
    await settle(...this.people);
  }

  async #write(index: number, text: string): Promise<void> {
    await onlyChat(this.people[index] as Person).send(text);
    this.written.set(index, [...(this.written.get(index) ?? []), text]);
  }

  async #kill(index: number): Promise<void> {
    const person = this.people[index] as Person;
    world.abandon(person);
    this.people[index] = await world.reopen(person.storage as MemoryStorage);
  }
}

for (const seed of SEEDS) {
  test(`a random life (seed ${seed}) ends with everybody knowing everything once`, { timeout: 120_000 }, async () => {
    const { alice, bob } = await world.pair();
    const laptop = await world.device(alice);
    await settle(alice, laptop, bob, laptop, alice);
    const lives = new Lives([alice, laptop, bob], chances(seed));
    for (let number = 0; number < STEPS; number++) await lives.step(number);
    await lives.gather();
    const all = [...lives.written.values()].flat().toSorted();
    expect(all.length).toBeGreaterThan(STEPS / 4);
    const [order] = await Promise.all(lives.people.map(async (person) => await texts(onlyChat(person))));
    for (const person of lives.people) {
      const messages = await messagesOf(onlyChat(person) as Conversation);
      expect(messages.map(({ text }) => text).toSorted()).toEqual(all);
      expect(messages.map(({ text }) => text)).toEqual(order);
      for (const [index, wrote] of lives.written) {
        expect(messages.map(({ text }) => text).filter((text) => text.startsWith(`${index}:`))).toEqual(wrote);
      }
      expect(messages.filter(({ status }) => status.state === "queued" || status.state === "failed")).toEqual([]);
    }
    await Promise.all(lives.people.map(({ client }) => client.close()));
  });
}
