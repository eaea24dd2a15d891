// A message, as stored: where it stands in this device's log, who wrote it, what it says, how far it got.

import type { ContactId, ConversationId } from "../api.ts";
import { type ErrorCode, type ErrorDetails, MessengerError } from "../errors.ts";

/** What is shown of a message. */
export type MessageBody =
  | { readonly type: "text"; readonly text: string }
  /** It arrived and cannot be shown; the reason is for people. */
  | { readonly type: "unreadable"; readonly reason: string };

/** How far a message got; `remaining` counts cells that the relay does not hold yet. */
export type MessageProgress =
  | { readonly state: "received" }
  | { readonly state: "queued"; readonly remaining: number }
  | { readonly state: "sent"; readonly at: number }
  | { readonly state: "delivered"; readonly at: number }
  | { readonly state: "failed"; readonly code: ErrorCode };

/** One entry of the message log. */
export interface MessageRecord {
  /** Place in the log of this device: grows by one with each message, of any conversation. */
  readonly place: number;
  readonly conversation: ConversationId;
  /** Content id, 16 bytes: the same on all devices, unique for its author in its conversation. */
  readonly id: Uint8Array;
  readonly author: ContactId;
  /** By its author's clock, ms. */
  readonly sent: number;
  /** One more than the highest that its author had seen in the conversation; 0 when its author did not say. */
  readonly order: number;
  readonly body: MessageBody;
  readonly progress: MessageProgress;
  /** Set on what came out of a backup: nobody is told of it. */
  readonly history?: true;
}

/** What failed a message. */
export function failureOf(code: ErrorCode): MessengerError {
  const details = code === "send/failed" ? { attempts: 1 } : {};
  return new MessengerError(code, details as ErrorDetails[ErrorCode]) as MessengerError;
}
