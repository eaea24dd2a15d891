// People and their safety numbers.

import type { Conversation, Sender } from "./conversations.ts";
import type { ContactRequest } from "./meeting.ts";
import type { ContactId, Live } from "./values.ts";

export interface Contacts {
  readonly list: Live<readonly Contact[]>;
  /** Strangers who ask to talk to me, waiting for accept or decline. */
  readonly requests: Live<readonly ContactRequest[]>;
  get(id: ContactId): Promise<Contact | undefined>;
}

export interface Contact extends Sender {
  readonly trust: Trust;
  rename(name: string): Promise<void>;
  conversation(): Promise<Conversation>;
  safetyNumber(): Promise<SafetyNumber>;
  setVerified(verified: boolean): Promise<void>;
}

export type Trust = "unverified" | "verified";

export interface SafetyNumber {
  /** 60 decimal digits. */
  digits: string;
  /** The same as 12 groups of 5. */
  groups: readonly string[];
}

export interface Qr {
  readonly text: string;
  /** Modules, true = dark, with no quiet zone. */
  matrix(): readonly (readonly boolean[])[];
  /** Half-block characters with a quiet zone, for a terminal with light text on dark. */
  terminal(): string;
}
