// A session with one device, as stored and as held: the session's own encoding, and what this side knows of that device. Not a concern
// here: what a session does.

import {
  type Address,
  type Device,
  type Primitives,
  type PublicKey,
  RatchetSession,
  type SessionEnds,
  serviceAddress,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { hex } from "../engine/hex.ts";
import type { RecordKind } from "../engine/table.ts";

/** A session with a device of another account, or with another device of this one. */
export interface SessionRecord {
  /** The device key in hexadecimal: names the session. */
  readonly device: string;
  readonly account: ContactId;
  readonly deviceId: number;
  readonly session: RatchetSession;
  /** The version of my device list that this device last said it knows; 0 when it never did. */
  readonly knows: number;
  /** The version of my device list that this device was last told; 0 when it never was. */
  readonly told: number;
  /** Cells that are known to be missing. */
  readonly missing: number;
  /** Gaps that were reported already. */
  readonly reported: number;
  /** By relay, the cursor of the newest cell that came on this session, or of where the board was read to when there was none. */
  readonly read: Readonly<Record<string, number>>;
}

/** A session record as the store has it. */
type Stored = Omit<SessionRecord, "session"> & { session: Uint8Array; key: Uint8Array; service: Uint8Array };

/** The kind of session records of this device. */
export function sessionKind(p: Primitives, ours: { device: Device; account: PublicKey }): RecordKind<SessionRecord> {
  return {
    table: "sessions",
    mendable: true,
    key: (record) => record.device,
    encode(record): Stored {
      const { key, address } = record.session.ends.theirs;
      return { ...record, session: record.session.encode(), key, service: address.serviceId };
    },
    decode(stored) {
      const { session, key, service, ...record } = stored as Stored;
      const ends = sessionEnds(p, ours, { key: key as PublicKey, address: { serviceId: service, device: record.deviceId } });
      return { ...record, session: RatchetSession.decode(p, session, ends) };
    },
  };
}

/** The two ends of a session of this device. */
export function sessionEnds(
  p: Primitives,
  { device, account }: { device: Device; account: PublicKey },
  theirs: { key: PublicKey; address: Address },
): SessionEnds {
  const ours = { identity: device.keys, registrationId: device.registrationId, address: serviceAddress(p, account, device.id) };
  return { ours, theirs };
}

/** The name of the session with a device. */
export function sessionName(deviceKey: Uint8Array): string {
  return hex(deviceKey);
}
