// Devices and QR login; the same exchange for any secret.

import type { Transport } from "./adapters.ts";
import type { Progress } from "./backups.ts";
import type { Client } from "./client.ts";
import type { Qr } from "./people.ts";
import type { Cancellable, DeviceId, Live } from "./values.ts";

/** The devices of this account, at most 16. */
export interface Devices {
  readonly list: Live<readonly Device[]>;
  /** How much of the history that this device was given when it was linked is here, in messages; the rest comes by itself. */
  readonly history: Live<Progress>;
  /**
   * Old device reads what the new device shows. Nothing of the account is sent until `approve()`. `device/not-root`, `device/qr-invalid`,
   * `relay/unreachable`.
   */
  scan(qrText: string, options?: Cancellable): Promise<LinkRequest>;
  /** Old device shows the code, the new device reads it: harder to phish, offered first. `device/not-root`, `relay/unreachable`. */
  offer(options?: Cancellable): Promise<LinkOffer>;
  /** What the device is called, on all my devices; 64 characters at most. `argument/invalid`. */
  rename(id: DeviceId, name: string): Promise<void>;
  /**
   * Takes a lost device off the account: it can neither read nor recognise what comes, once the others have heard. Needs the 24 words: this
   * device has them, or `phrase` brings them (they are not kept). `device/not-root`, `device/not-listed`, `phrase/other-account`,
   * `phrase/bad-word` and its like.
   */
  revoke(id: DeviceId, options?: { phrase?: string } & Cancellable): Promise<void>;
}

/** A device of this account. */
export interface Device {
  id: DeviceId;
  name: string;
  added: Date;
  current: boolean;
}

/** A code that waits for a new device, for two minutes. */
export interface LinkOffer {
  qr: Qr;
  expires: Date;
  request: Promise<LinkRequest>;
  cancel(): void;
}

/** Whether the new device gets the 24 words too. */
export type LinkMode = "link" | "transfer";

/** A device that asks to be linked. */
export interface LinkRequest {
  deviceName: string;
  expires: Date;
  /**
   * The code that the new device shows, typed by the person here. One try: `device/code-mismatch` ends the pairing on both sides
   * (`device/code-malformed`, not six digits, does not use it up). `device/limit`, `device/expired`, `device/pairing-failed`.
   * "link" adds a device (default). "transfer" also hands over the 24 words, after `unlock("reveal")`.
   */
  approve(options: { code: string; mode?: LinkMode } & Cancellable): Promise<Device>;
  /** Six digits to type on the new device if it asks for them; set once the typed code was right. */
  readonly replyCode: Live<string | undefined>;
  deny(): void;
}

/** What a new device shows. */
export type JoinState =
  | "waiting" // the code is shown, or a scan is expected
  | "scanned" // the other device answered, keys are being agreed
  | "confirm" // checkCode is shown here and typed on the old device
  | "reply" // the old device shows a second code, typed here: call confirm()
  | "copying"
  | "done"
  | "denied"
  | "expired"
  | "failed";

/** A new device's side of QR login. */
export interface JoinSession {
  readonly qr: Qr;
  readonly expires: Date;
  readonly state: Live<JoinState>;
  /** Six digits to show on this device. */
  readonly checkCode: Promise<string>;
  /** What the camera read, or (`typed`) what was pasted as text: then the second code is asked too. `device/qr-invalid`. */
  scan(qrText: string, options?: { typed?: boolean }): Promise<void>;
  /** The second code, typed here in state "reply". One try: `device/code-mismatch`. */
  confirm(code: string): Promise<void>;
  /** How much of the history is here, in messages: goes on after `client` has resolved, and after it was opened anew (`devices.history`). */
  readonly progress: Live<Progress>;
  /** The account, opened here. Rejects with the code of how the pairing ended: `device/denied`, `device/expired`, `device/already-used`… */
  readonly client: Promise<Client>;
  cancel(): void;
}

/** The same exchange for any secret, without an account: `sendSecret` on one machine, `receiveSecret` on the other. */
export interface SecretOffer {
  readonly qr: Qr;
  readonly expires: Date;
  /** Resolves once the other side answered: type its code here. `done` resolves when it has acknowledged the secret. */
  readonly request: Promise<{
    deviceName: string;
    approve(code: string): Promise<void>;
    readonly replyCode: Live<string | undefined>;
    deny(): void;
    done: Promise<void>;
  }>;
  cancel(): void;
}

/** The side that gets the secret. */
export interface SecretReceipt {
  /** Six digits to show on this machine. */
  readonly checkCode: Promise<string>;
  readonly state: Live<JoinState>;
  confirm(code: string): Promise<void>;
  /** The bytes, as they were given. Rejects with the code of how the pairing ended. */
  readonly secret: Promise<Uint8Array>;
  cancel(): void;
}

/** `sendSecret`: shows a QR; 1 to 3,000 bytes. `message/empty`, `message/too-large`, `relay/unreachable`. */
export type SendSecret = (
  options: { relay: string | URL; secret: Uint8Array; transport?: Transport; deviceName?: string } & Cancellable,
) => Promise<SecretOffer>;
/** `receiveSecret`: takes the text of that QR. `device/qr-invalid`, `device/expired`, `relay/unreachable`. */
export type ReceiveSecret = (
  qrText: string,
  options?: { typed?: boolean; transport?: Transport; deviceName?: string } & Cancellable,
) => Promise<SecretReceipt>;
