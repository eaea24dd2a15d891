// Public addresses at work: publishing this account's devices in the directories of its relays, and finding others'. Whatever a relay says is
// verified against the account key; what it cannot prove (whom a handle names) is left to the safety number. Loaded when it is first used.
// Not a concern here: first contacts at an address (engine/meeting.ts).

import { accountFromEntropy, accountId, ascii, be8, concat, parseAccountId, parsePublicKey, type PublicKey, sign } from "@sotto/protocol";
import { refuseAborted } from "./aborted.ts";
import type { Cancellable, ContactId, Conversation, Found, SafetyNumber } from "./api.ts";
import { isAskedOrOpen } from "./engine/contact-phases.ts";
import { toldRelays } from "./engine/own-relays.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { lookUpAccount, type PublishedAccount } from "./published-account.ts";
import { conversationWith } from "./records/conversation-record.ts";
import { firstToKnow } from "./relay/first-to-answer.ts";
import type { HandleClaim } from "./relay/relay-client.ts";
import { numberBetween } from "./verification.ts";
import type { Views } from "./views.ts";

const HANDLE = /^[a-z0-9_]{3,32}$/;
const HANDLE_LABEL = ascii("Sotto Handle v1");

/** Puts this account into the directories of its relays, under a handle if one is given. */
export async function publishAddress(views: Views, { handle, signal }: { handle?: string } & Cancellable = {}): Promise<void> {
  const { engine } = views;
  const options = signal === undefined ? {} : { signal };
  const name = handle === undefined ? undefined : parseHandle(handle);
  const claim = name === undefined ? undefined : claimOf(views, name);
  await engine.anchored(options);
  const before = engine.state.self.published;
  // Read first, then known: nobody's first contact may pass by unread.
  await engine.run("setPublished", true);
  try {
    await engine.publish(options);
  } catch (error) {
    if (!before) await engine.run("setPublished", false);
    throw error;
  }
  if (name !== undefined && claim !== undefined) await claimEverywhere(views, name, claim, options);
  await engine.run("setHandle", name ?? null);
}

/** Looks for an account by its id or handle. */
export async function findAccount(views: Views, who: string, options: Cancellable = {}): Promise<Found> {
  const { ownId } = views;
  const text = who.trim();
  const byId = text.toLowerCase().startsWith("sotto1");
  const handle = byId ? undefined : parseHandle(text);
  const account = handle === undefined ? parseId(views, text) : await accountNamed(views, handle, options);
  if (accountId(account) === (ownId as string)) throw new MessengerError("address/invalid", { reason: "it is your own" });
  const published = await lookUp(views, account, { take: false, ...options });
  if (published === undefined) throw new MessengerError("address/not-found", {});
  const safetyNumber = await numberBetween(views, account);
  return new FoundAccount(views, published, safetyNumber, handle);
}

/** An account that is published at one of my relays. */
type AccountAtRelay = PublishedAccount & { readonly relay: string };

class FoundAccount implements Found {
  readonly id: ContactId;
  readonly safetyNumber: SafetyNumber;
  declare readonly handle?: string;
  readonly #views: Views;
  readonly #published: AccountAtRelay;

  constructor(views: Views, published: AccountAtRelay, number: SafetyNumber, handle: string | undefined) {
    this.#views = views;
    this.#published = published;
    this.id = accountId(published.list.account) as ContactId;
    this.safetyNumber = number;
    if (handle !== undefined) this.handle = handle;
  }

  async conversation({ signal }: Cancellable = {}): Promise<Conversation> {
    refuseAborted(signal);
    const { engine, conversations } = this.#views;
    if (isAskedOrOpen(engine.state.contacts.get(this.id))) return conversations.show(conversationWith(this.id));
    // What is sent names the relays that this account reads already.
    await engine.anchored(signal === undefined ? {} : { signal });
    // A one-time prekey is taken only now that somebody means to write.
    const { account } = this.#published.list;
    const published = (await lookUp(this.#views, account, { take: true, ...(signal === undefined ? {} : { signal }) })) ?? this.#published;
    // Until they say their name, they are called as they were looked for.
    const name = this.handle === undefined ? "" : `@${this.handle}`;
    const { list, bundles, oneTime, relay } = published;
    await engine.run("prepareContact", { name, list: list.bytes, bundles, oneTime, relay });
    return conversations.show(conversationWith(this.id));
  }
}

async function lookUp(
  { engine }: Views,
  account: PublicKey,
  options: { take: boolean } & Cancellable,
): Promise<AccountAtRelay | undefined> {
  const now = engine.clock.now();
  const found = await firstToKnow(
    toldRelays(engine.state.self),
    async (relay) => await lookUpAccount(engine.primitives, account, { relay: engine.relay(relay), now, ...options }),
  );
  return found === undefined ? undefined : { ...found.answer, relay: found.relay };
}

function parseHandle(text: string): string {
  const handle = text.startsWith("@") ? text.slice(1) : text;
  if (!HANDLE.test(handle)) throw new MessengerError("address/invalid", { reason: "a handle has 3 to 32 characters of a-z, 0-9 and _" });
  return handle;
}

function claimOf(views: Views, handle: string): HandleClaim {
  const { primitives: p, state, clock } = views.engine;
  if (state.self.phrase === null) throw new MessengerError("device/not-root", {});
  const account = accountFromEntropy(p, state.self.phrase);
  const issued = clock.now();
  const signature = sign(p, account, concat(HANDLE_LABEL, ascii(handle), be8(issued)));
  account.privateKey.wipe();
  return { account: account.publicKey, issued, signature };
}

/** At every relay of the account; one that takes it is enough, but it must be nobody else's at any that answers. */
async function claimEverywhere(views: Views, handle: string, claim: HandleClaim, options: Cancellable): Promise<void> {
  const { engine } = views;
  const relays = toldRelays(engine.state.self);
  const done = await Promise.allSettled(relays.map(async (relay) => await engine.relay(relay).putHandle(handle, claim, options)));
  const failures = done.flatMap((claimed): unknown[] => (claimed.status === "rejected" ? [claimed.reason] : []));
  const taken = failures.find((failure) => MessengerError.is(failure, "address/handle-taken"));
  if (taken !== undefined) throw taken;
  if (failures.length === relays.length) throw failures[0];
}

function parseId(views: Views, text: string): PublicKey {
  try {
    return parseAccountId(views.engine.primitives, text);
  } catch (error) {
    throw asMessengerError(error);
  }
}

async function accountNamed(views: Views, handle: string, options: Cancellable): Promise<PublicKey> {
  const { engine } = views;
  const found = await firstToKnow(toldRelays(engine.state.self), async (relay) => await engine.relay(relay).getHandle(handle, options));
  if (found === undefined) throw new MessengerError("address/not-found", {});
  try {
    return parsePublicKey(engine.primitives, found.answer);
  } catch (cause) {
    throw new MessengerError("relay/misbehaving", { what: "it names what is no account" }, { cause });
  }
}
