// Becoming a new device of an account: behind `joinAsDevice`. Takes what the old device handed over; makes an account here that waits to be
// signed into the list. Not a concern here: the pairing, what the old device does (account-giver.ts).

import { type Device, type DeviceList, NEVER, phraseFromEntropy } from "@sotto/protocol";
import { makeAccount, selfOf } from "./new-account.ts";
import type { Client, ClientOptions, ContactId, JoinAsDevice } from "./api.ts";
import { decodeHandOver, type HandOver, openSnapshot } from "./engine/hand-over.ts";
import { askToJoin } from "./engine/introductions.ts";
import { partsOf } from "./engine/history-parts.ts";
import { receivePlaintext } from "./engine/received-contents.ts";
import { fitSessions } from "./engine/sessions.ts";
import type { Transaction } from "./engine/transaction.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { MAX_SNAPSHOT_BYTES } from "./limits.ts";
import type { JoiningDevice } from "./pairing/account-transfer.ts";
import { startJoin } from "./pairing/join.ts";
import type { Platform } from "./platform.ts";
import { sessionName } from "./records/session-record.ts";
import { firstToKnow } from "./relay/first-to-answer.ts";
import { RelayClient } from "./relay/relay-client.ts";

/** `joinAsDevice` on a platform. */
export function joinAsDeviceOn(platform: Platform): JoinAsDevice {
  return async (options) => {
    const { primitives, clock } = platform;
    const transport = options.transport ?? platform.transport;
    const deviceName = options.deviceName ?? platform.deviceName();
    const adopt = async (payload: Uint8Array, device: JoiningDevice): Promise<Client> =>
      await adoptAccount(platform, options, payload, device);
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    return await startJoin({ primitives, clock, transport }, { relay: options.relay, deviceName, adopt, ...signal });
  };
}

async function adoptAccount(platform: Platform, options: ClientOptions, payload: Uint8Array, joining: JoiningDevice): Promise<Client> {
  const { primitives: p } = platform;
  try {
    const handOver = decodeHandOver(p, payload);
    const snapshot = openSnapshot(p, handOver, await fetchSnapshot(platform, options, handOver));
    const { list, deviceId, name, relays, requestKey, restoreRoot, published, handle, recovery } = handOver;
    const { besides, snapshot: here, blobKey: key } = handOver;
    const left = besides === 0 ? null : { key, next: 1, parts: partsOf(besides) };
    const history = { done: here, total: here + besides, left };
    const device: Device = { id: deviceId, registrationId: joining.registrationId, keys: joining.keys };
    const phrase = handOver.phrase === null ? null : phraseFromEntropy(p, handOver.phrase);
    const settings = { ...options, relay: relays, deviceName: joining.name };
    const fresh = selfOf(platform, settings, { name, account: list.account, phrase, device, list });
    // What the other device says of the name and of the relays holds, from where on to read them above all.
    const self = { ...fresh, named: NEVER, relaysChosen: 0, requestKey, restoreRoot, published, handle, recovery, history };
    return await makeAccount(platform, options, self, async (tx) => await takeOver(tx, list, handOver.giver, snapshot));
  } catch (error) {
    throw asMessengerError(error);
  }
}

async function fetchSnapshot(platform: Platform, options: ClientOptions, { relays, blobId }: HandOver): Promise<Uint8Array> {
  const { clock } = platform;
  const transport = options.transport ?? platform.transport;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const found = await firstToKnow(
    relays,
    async (relay) => await new RelayClient({ relay, transport, clock }).getBlob(blobId, { maxBytes: MAX_SNAPSHOT_BYTES, ...signal }),
  );
  if (found === undefined)
    throw new MessengerError("device/pairing-failed", { reason: "the relay has lost what the other device left for this one" });
  return found.answer;
}

/** Takes in the account as if the old device had told all of it, and asks that device to sign this one in. */
async function takeOver(tx: Transaction, list: DeviceList, giver: number, snapshot: readonly Uint8Array[]): Promise<void> {
  const own = tx.self.id as string as ContactId;
  await fitSessions(tx, own, list);
  const entry = list.entries.find(({ id }) => id === giver);
  const session = entry === undefined ? undefined : tx.sessions.get(sessionName(entry.key));
  if (session === undefined) throw new MessengerError("internal", {});
  for (const plaintext of snapshot) await receivePlaintext(tx, session, plaintext);
  // The list of conversations shows when something was said, not when it came here.
  for (const conversation of [...tx.conversations.values()]) {
    const last = conversation.last === null ? undefined : await tx.messages.get(conversation.id, conversation.last.place);
    tx.conversations.put({ ...conversation, active: Math.min(last?.sent ?? conversation.active, tx.now) });
  }
  askToJoin(tx, list, giver);
}
