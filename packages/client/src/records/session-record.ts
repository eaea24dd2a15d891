// A session with one device, as stored and as held: the session's own encoding, and what this side knows of that device. Not a concern
// here: what a session does.

import { decodeSession, type KeyPair, type Primitives, type Session } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { hex } from "../engine/hex.ts";
import type { RecordKind } from "../engine/table.ts";

/** A session with a device of another account, or with another device of this one. */
export interface SessionRecord {
  /** The device key in hexadecimal: names the session. */
  readonly device: string;
  readonly account: ContactId;
  readonly deviceId: number;
  readonly session: Session;
  /** The version of my device list that this device last said it knows; 0 when it never did. */
  readonly knows: number;
  /** The version of my device list that this device was last told; 0 when it never was. */
  readonly told: number;
  /** Gaps that were reported already. */
  readonly missing: number;
}

/** The kind of session records of the device with these keys. */
export function sessionKind(p: Primitives, ours: KeyPair): RecordKind<SessionRecord> {
  return {
    table: "sessions",
    key: (record) => record.device,
    encode: (record) => ({ ...record, session: record.session.encode() }),
    decode(stored) {
      const record = stored as Omit<SessionRecord, "session"> & { session: Uint8Array };
      return { ...record, session: decodeSession(p, record.session, ours) };
    },
  };
}

/** The name of the session with a device. */
export function sessionName(deviceKey: Uint8Array): string {
  return hex(deviceKey);
}
