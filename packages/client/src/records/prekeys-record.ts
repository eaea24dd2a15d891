// This device's prekeys and the bundle that publishes them, as stored and as held: one record. Not a concern here: when they are renewed.

import { type Bundle, decodePrekeys, encodePrekeys, type OwnPrekeys, type Primitives } from "@sotto/protocol";
import type { RecordKind } from "../engine/table.ts";

/** Private halves and what was last published of them. */
export interface PrekeysRecord {
  readonly own: OwnPrekeys;
  readonly bundle: Bundle;
  /** The list of one-time prekeys whose hash the bundle signs. */
  readonly oneTime: Uint8Array;
  /** The same bundle without one-time prekeys, for relays that are not the account's home: two relays would hand out the same key twice. */
  readonly bare: Uint8Array;
}

/** The one key of the table. */
export const PREKEYS = "prekeys";

/** The kind of the prekeys record. */
export function prekeysKind(p: Primitives): RecordKind<PrekeysRecord> {
  return {
    table: "prekeys",
    key: () => PREKEYS,
    encode: (record) => ({ ...record, own: encodePrekeys(record.own) }),
    decode(stored) {
      const record = stored as Omit<PrekeysRecord, "own"> & { own: Uint8Array };
      return { ...record, own: decodePrekeys(p, record.own) };
    },
  };
}
