// A dialogue of two parties over a network that follows a seed: who speaks when, what is lost, repeated or late. Every message that
// arrives for the first time must open to what was sent, every repeated one must be refused.

import type { Envelope, Party } from "./party.ts";

export const patterns = ["ping-pong", "bursts", "one-way", "chaos"] as const;
export type Pattern = (typeof patterns)[number];

export interface DialogueOptions {
  readonly pattern: Pattern;
  readonly messages: number;
  readonly seed: number;
  readonly oneTime: boolean;
  /** Both begin before either hears of the other. */
  readonly simultaneous?: boolean;
  /** Begin a new session after this many messages, again and again, so that older ones are archived. */
  readonly restartEvery?: number;
}

export interface DialogueResult {
  readonly delivered: number;
  readonly refusedRepeats: number;
  readonly failures: readonly string[];
  readonly epochs: number;
}

interface Flying {
  readonly to: Party;
  readonly envelope: Envelope;
  readonly plaintext: Buffer;
  readonly at: number;
  readonly fate: { arrived: boolean };
}

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function dialogue(first: Party, second: Party, options: DialogueOptions): Promise<DialogueResult> {
  const random = seeded(options.seed);
  const failures: string[] = [];
  const flying: Flying[] = [];
  let delivered = 0;
  let refusedRepeats = 0;
  let met = options.simultaneous === true;

  const [forFirst, forSecond] = [await second.bundle(options), await first.bundle(options)];
  await first.initiate(forFirst);
  if (options.simultaneous) await second.initiate(forSecond);

  for (let i = 0; i < options.messages; i++) {
    if (options.restartEvery !== undefined && i > 0 && i % options.restartEvery === 0) {
      const [restarting, other] = random() < 0.5 ? [first, second] : [second, first];
      await restarting.initiate(await other.bundle({ oneTime: random() < 0.5 }));
    }
    const from = met && secondSpeaks(options.pattern, i, random) ? second : first;
    const to = from === first ? second : first;
    await from.reload();
    const plaintext = Buffer.from(`message ${i} ${"·".repeat(Math.floor(random() * 100))}`);
    const envelope = await from.encrypt(plaintext);
    const fate = { arrived: false };
    const chaos = options.pattern === "chaos" || options.simultaneous === true;
    const late = (): number => (chaos ? Math.floor(random() ** 2 * 10) : 0);
    if (!chaos || random() > 0.1) flying.push({ to, envelope, plaintext, at: i + late(), fate });
    if (chaos && random() < 0.08) flying.push({ to, envelope, plaintext, at: i + late() + 1, fate });
    for (const message of due(flying, i)) await deliver(message);
  }
  for (const message of due(flying, Number.POSITIVE_INFINITY)) await deliver(message);
  return { delivered, refusedRepeats, failures, epochs: Math.max(first.epoch(), second.epoch()) };

  async function deliver({ to, envelope, plaintext, fate }: Flying): Promise<void> {
    await to.reload();
    let opened: Uint8Array | undefined;
    let reason = "";
    try {
      opened = await to.decrypt(envelope);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (fate.arrived) {
      if (opened === undefined) refusedRepeats++;
      else failures.push(`${to.name} opened a repeated message`);
    } else if (opened !== undefined && plaintext.equals(opened)) {
      fate.arrived = true;
      delivered++;
      if (to === second) met = true;
    } else {
      failures.push(`${to.name} did not open "${plaintext.toString().slice(0, 14)}": ${reason}`);
    }
  }
}

function secondSpeaks(pattern: Pattern, i: number, random: () => number): boolean {
  if (pattern === "one-way") return false;
  if (pattern === "ping-pong") return i % 2 === 1;
  if (pattern === "bursts") return Math.floor(i / 10) % 2 === 1;
  return random() < 0.5;
}

function due(flying: Flying[], now: number): Flying[] {
  const ready = flying.filter((message) => message.at <= now);
  for (const message of ready) flying.splice(flying.indexOf(message), 1);
  return ready;
}
