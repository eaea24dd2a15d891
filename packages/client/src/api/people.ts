// People and their safety numbers.

import type { Conversation, Sender } from "./conversations.ts";
import type { ContactRequest } from "./meeting.ts";
import type { ContactId, Live } from "./values.ts";

/** People I know. */
export interface Contacts {
  readonly list: Live<readonly Contact[]>;
  /** Strangers who ask to talk to me, waiting for accept or decline. */
  readonly requests: Live<readonly ContactRequest[]>;
  get(id: ContactId): Promise<Contact | undefined>;
}

/** A person I know. */
export interface Contact extends Sender {
  readonly trust: Trust;
  /** What I call them, on all my devices, 64 characters at most; empty: by their own name again. `argument/invalid`. */
  rename(name: string): Promise<void>;
  conversation(): Promise<Conversation>;
  safetyNumber(): Promise<SafetyNumber>;
  /** What the camera read on their screen. Never throws for what does not match; "match" marks them verified, on all my devices. */
  verifyScan(qrText: string): Promise<ScanResult>;
  /** My judgement, on all my devices; it ends an alarm, too. */
  setVerified(verified: boolean): Promise<void>;
}

/**
 * "changed": their account was restored from its words elsewhere, or two lists of its devices were seen: it may not be them any more. After a
 * verification that stops sending with `identity/changed` until `setVerified(true | false)`; else it is only noted.
 */
export type Trust = "unverified" | "verified" | "changed" | "changed-after-verified";

/** "mismatch": the keys are not the same on both sides, or they show their code with somebody else. "other-contact": another one's code. */
export type ScanResult = "match" | "mismatch" | "other-contact" | "not-a-safety-code";

/** What two people compare: equal on both sides when nobody swapped keys. */
export interface SafetyNumber {
  /** 60 decimal digits. */
  digits: string;
  /** The same as 12 groups of 5. */
  groups: readonly string[];
  /** For the other side's camera: `contact.verifyScan`. */
  qr: Qr;
}

/** A QR code, to be drawn. */
export interface Qr {
  /** What is in it. */
  readonly text: string;
  /** Modules, true = dark, with no quiet zone. */
  matrix(): readonly (readonly boolean[])[];
  /** Half-block characters with a quiet zone, for a terminal with light text on dark. */
  terminal(): string;
}
