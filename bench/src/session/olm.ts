// olm in the race: WebAssembly, no post-quantum part, deprecated, and what Matrix ran on for years.

import { MESSAGE, type Pair, type Peer } from "./peer.ts";

interface OlmSession {
  create_outbound(account: OlmAccount, identityKey: string, oneTimeKey: string): void;
  create_inbound(account: OlmAccount, message: string): void;
  encrypt(plaintext: string): { type: 0 | 1; body: string };
  decrypt(type: number, body: string): string;
  pickle(key: string): string;
  unpickle(key: string, pickled: string): void;
}

interface OlmAccount {
  create(): void;
  generate_one_time_keys(count: number): void;
  one_time_keys(): string;
  identity_keys(): string;
}

/** The library, loaded and not yet started. */
export interface OlmModule {
  init(options?: { locateFile?: (name: string) => string }): Promise<void>;
  Account: new () => OlmAccount;
  Session: new () => OlmSession;
}

/** Our opponent on the library, which has been started. */
export function olmPeer(olm: OlmModule): Peer {
  return { name: "olm 3.2.15", meet: (message) => meet(olm, false, message), meetStored: () => meet(olm, true) };
}

function meet(olm: OlmModule, stored: boolean, message = MESSAGE): Pair {
  const text = new TextDecoder().decode(message);
  const accounts = [new olm.Account(), new olm.Account()] as const;
  for (const account of accounts) account.create();
  accounts[1].generate_one_time_keys(1);
  const oneTime = JSON.parse(accounts[1].one_time_keys()) as { curve25519: Record<string, string> };
  const identity = JSON.parse(accounts[1].identity_keys()) as { curve25519: string };
  const sessions = [new olm.Session(), new olm.Session()] as const;
  sessions[0].create_outbound(accounts[0], identity.curve25519, Object.values(oneTime.curve25519)[0] ?? "");
  let met = false;

  function send(from: 0 | 1): number {
    const to = from === 0 ? 1 : 0;
    const { type, body } = sessions[from].encrypt(text);
    if (!met) {
      sessions[1].create_inbound(accounts[1], body);
      met = true;
    }
    sessions[to].decrypt(type, body);
    if (stored) for (const session of sessions) session.unpickle("key", session.pickle("key"));
    // Base64 without padding: four characters for three bytes.
    return Math.floor((body.length * 3) / 4);
  }

  return { first: send(0), send };
}
