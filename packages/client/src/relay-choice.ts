// The choice of other relays: now, or as soon as they can be reached. Loaded when there is one. Takes addresses; runs the command. Not a concern
// here: what a choice entails (engine/relay-moves.ts).

import type { Cancellable } from "./api.ts";
import { sleep } from "./clock.ts";
import { requireListed } from "./engine/notices.ts";
import { currentRelays } from "./engine/own-relays.ts";
import { asMessengerError } from "./error-mapping.ts";
import { RELAY_MOVE_RETRY_MS } from "./limits.ts";
import type { Views } from "./views.ts";

/**
 * Chooses relays, home first. The ends of the boards are looked for before: an account tells nobody of a relay before it reads there. Fails with
 * `device/removed`, `device/not-listed`, errors of the relays, `aborted`.
 */
export async function chooseRelays({ engine }: Views, relays: readonly string[], options: Cancellable): Promise<void> {
  requireListed(engine.state);
  if (hasRelays(engine, relays)) return;
  const known = new Map(engine.state.self.relays.map(({ address, begin }) => [address, begin]));
  const chosen = await Promise.all(
    relays.map(async (address) => ({ address, begin: known.get(address) ?? (await engine.boardEnd(address, options)) })),
  );
  await engine.run("chooseRelays", chosen);
}

/** Chooses relays as soon as they can be reached, until `signal` ends that. Fails where trying again cannot help. */
export async function moveTo(views: Views, relays: readonly string[], signal: AbortSignal): Promise<void> {
  const { engine } = views;
  while (!signal.aborted && !hasRelays(engine, relays)) {
    try {
      await chooseRelays(views, relays, { signal });
    } catch (thrown) {
      const error = asMessengerError(thrown);
      if (signal.aborted) return;
      if (!error.retryable) throw error;
      await sleep(engine.clock, RELAY_MOVE_RETRY_MS, signal).catch(() => undefined);
    }
  }
}

function hasRelays({ state }: Views["engine"], relays: readonly string[]): boolean {
  const current = currentRelays(state.self).map(({ address }) => address);
  return current.join(" ") === relays.join(" ");
}
