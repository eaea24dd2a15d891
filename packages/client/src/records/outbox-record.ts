// A cell on its way to a relay, as stored: the very bytes (a retry sends the same ones) and the plaintext, kept until the relay has the
// cell, so that it can be sealed anew when its tag is taken. Not a concern here: sending.

import type { OneTimePrekey } from "@sotto/protocol";
import type { ContactId, ConversationId } from "../api.ts";
import { plainKind } from "../engine/table.ts";

/** By which way a cell reaches a device, and what sealing it anew under the next tag needs. */
export type Lane =
  /** On the session with the device. */
  | { readonly kind: "session"; readonly device: string }
  /** Bytes that a relay had taken and that are pinned again (engine/kept-cells.ts): they cannot be sealed anew. */
  | { readonly kind: "again" }
  /** A first contact in the claim slot of an invite. */
  | { readonly kind: "claim"; readonly requestKey: Uint8Array; readonly slot: number; readonly uses: number; readonly deviceId: number }
  /** A first contact by public address. */
  | { readonly kind: "address"; readonly deviceId: number }
  /** A first contact of a new device of a known account. */
  | { readonly kind: "introduction"; readonly requestKey: Uint8Array; readonly index: number; readonly deviceId: number }
  /** This device's signature for the list, to the device that handed the account over. */
  | { readonly kind: "join"; readonly requestKey: Uint8Array; readonly index: number; readonly deviceId: number }
  /** A knock: nothing fresh is known of the other device to begin a session with, so it is asked to. */
  | { readonly kind: "knock"; readonly requestKey: Uint8Array; readonly index: number; readonly deviceId: number }
  /** This device's wish for a new session; `oneTime` is the prekey made for it, `issued` its time, ms. */
  | {
      readonly kind: "restart";
      readonly requestKey: Uint8Array;
      readonly index: number;
      readonly deviceId: number;
      readonly issued: number;
      readonly oneTime: OneTimePrekey;
    };

/** One cell, and what happens when it is stored. */
export interface OutboxRecord {
  /** Order of enqueueing, which is the order of storing at each relay. */
  readonly place: number;
  readonly bits: number;
  readonly prefix: Uint8Array;
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
  /** Whom it is for. */
  readonly account: ContactId;
  readonly lane: Lane;
  readonly plaintext: Uint8Array;
  /** The message that this cell carries to a device of the other side, if it counts for the message's status. */
  readonly message: { readonly conversation: ConversationId; readonly place: number } | null;
  /** A cell (place) that must be stored before this one, at whatever relay. */
  readonly after: number | null;
  /** A first contact's hello, sealed anew as it is at the next address of its lane when this one was taken. */
  readonly hello: Uint8Array | null;
  /** How often in a row its tag was taken. */
  readonly conflicts: number;
}

export const outboxKind = plainKind<OutboxRecord>("outbox", (record) => String(record.place));
