// Another person, as stored: who they are, how far we have met, and how to reach their devices. Not a concern here: messages, sessions.

import { type DeviceList, NEVER, type OneTimePrekey, type Stamp } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { plainKind } from "../engine/table.ts";
import type { FormerKey } from "./self-record.ts";

/**
 * How far two people have met. `asking`: my first contact waits for an answer. `request`: theirs waits for mine. `open`: both agreed.
 * `refused`: my invite could not be used. `declined` and `blocked`: I said no; a blocked one is not heard again.
 */
export type ContactPhase = "asking" | "request" | "open" | "refused" | "declined" | "blocked";

/** Everything this device knows of another account. */
export interface ContactRecord {
  readonly id: ContactId;
  /** Account public key, 33 bytes. */
  readonly account: Uint8Array;
  /** What they call themselves. */
  readonly name: string;
  /** When they said so; what their first card says counts until they do. */
  readonly named: Stamp;
  /** What I call them. */
  readonly alias: string | null;
  readonly phase: ContactPhase;
  /** Whether my first contact is on its way; before that, nothing has left this device. */
  readonly asked: boolean;
  /** The invite that I took up last, by its id; accepting it again changes nothing. */
  readonly invite: string | null;
  /** While asking by invite: the one device that can know me already. */
  readonly onlyDevice: number | null;
  /** Whether the safety number was compared, or an invite of theirs accepted in person. */
  readonly verified: boolean;
  /** Up to which of their lists a person stands by that, and the newest one that has to be asked about (engine/trust.ts); 0: none. */
  readonly assessed: number;
  readonly alarmed: number;
  /** Where their devices read, the first choice first. */
  readonly relays: readonly string[];
  /** When they chose these relays, seconds since 1970; 0 when it was not they who said so. */
  readonly relaysChosen: number;
  readonly list: DeviceList;
  /** Hashes (32 bytes) of other lists of its version that were seen. */
  readonly forks: readonly Uint8Array[];
  /** The newest bundle held of each device, by device id; verified when it came. */
  readonly bundles: Readonly<Record<string, Uint8Array>>;
  /** A one-time prekey of a device, taken from the directory for my first contact with it, by device id. */
  readonly oneTime: Readonly<Record<string, OneTimePrekey>>;
  /** Their devices introduce themselves to mine under this key, 32 bytes. */
  readonly ourRequestKey: Uint8Array;
  /** When that key was last renewed, and those before it. */
  readonly keyed: Stamp;
  readonly formerKeys: readonly FormerKey[];
  /** My devices introduce themselves to theirs under this key, 32 bytes; `null` until their card came. */
  readonly theirRequestKey: Uint8Array | null;
  /** The version of their list that they were last told I know. */
  readonly acknowledged: number;
  /** When a person last changed phase, verification or alias. */
  readonly changed: Stamp;
  /** When the first contact arrived, ms. */
  readonly met: number;
}

/** What a contact begins with, whoever asks whom. */
export const NEW_CONTACT = {
  named: NEVER,
  alias: null,
  asked: false,
  invite: null,
  onlyDevice: null,
  verified: false,
  assessed: 0,
  alarmed: 0,
  forks: [],
  oneTime: {},
  keyed: NEVER,
  formerKeys: [],
  acknowledged: 0,
  changed: NEVER,
} as const satisfies Partial<ContactRecord>;

export const contactKind = plainKind<ContactRecord>("contacts", (record) => record.id);
