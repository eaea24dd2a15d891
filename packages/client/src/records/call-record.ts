// A command that was run for another tab or process, as stored: so that asking twice does not do it twice.

import { plainKind } from "../engine/table.ts";

/** What came of a call. */
export interface CallRecord {
  /** 16 random bytes in hex, chosen by who asked. */
  readonly id: string;
  /** When it was run, ms. */
  readonly at: number;
  /** `null` when it gave nothing. */
  readonly result: unknown;
}

export const callKind = plainKind<CallRecord>("calls", (record) => record.id);
