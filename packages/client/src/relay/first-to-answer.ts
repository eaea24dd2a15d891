// Several relays, asked in order until one answers, or all at once. Not a concern here: what is asked.

import { MessengerError } from "../errors.ts";

/** What a relay said, and which one it was. */
export interface Answer<T> {
  readonly relay: string;
  readonly answer: T;
}

/**
 * Asks relays one after the other, on to the next when one cannot be reached or does not do its part. Fails as the first of them did when none
 * answers, and at once with what is not the relay's fault.
 */
export async function firstToAnswer<T>(relays: readonly string[], ask: (relay: string) => Promise<T>): Promise<Answer<T>> {
  let first: unknown;
  for (const relay of relays) {
    try {
      return { relay, answer: await ask(relay) };
    } catch (error) {
      if (!isRelaysFault(error)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** As `firstToAnswer`, and on to the next also when one does not know; `undefined` when some answered and none knows. */
export async function firstToKnow<T>(
  relays: readonly string[],
  ask: (relay: string) => Promise<T | undefined>,
): Promise<Answer<T> | undefined> {
  let unknowing = false;
  let first: unknown;
  for (const relay of relays) {
    try {
      const answer = await ask(relay);
      if (answer !== undefined) return { relay, answer };
      unknowing = true;
    } catch (error) {
      if (!isRelaysFault(error)) throw error;
      first ??= error;
    }
  }
  if (!unknowing) throw first;
  return undefined;
}

/** What every relay knows, asked at once; empty when some answered and none knows. Fails as `firstToAnswer` does. */
export async function allThatKnow<T>(relays: readonly string[], ask: (relay: string) => Promise<T | undefined>): Promise<readonly T[]> {
  const asked = await Promise.allSettled(relays.map(ask));
  const failures = asked.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  const serious = failures.find((error) => !isRelaysFault(error));
  if (serious !== undefined) throw serious;
  if (failures.length === relays.length) throw failures[0];
  return asked.flatMap((one) => (one.status === "fulfilled" && one.value !== undefined ? [one.value] : []));
}

/** Also what does not verify: another relay may give what the account signed. */
function isRelaysFault(error: unknown): boolean {
  return MessengerError.is(error) && (error.blame === "relay" || error.code === "identity/invalid");
}
