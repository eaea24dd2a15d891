// An invite that this account gave out, as stored.

import { plainKind } from "../engine/table.ts";

/** An open invite: its claim slots are watched until it is used up or closed. */
export interface InviteRecord {
  readonly id: string;
  readonly url: string;
  /** 32 bytes; the claim slots' addresses come from it. */
  readonly requestKey: Uint8Array;
  readonly expires: number;
  readonly uses: number;
  /** Slots that were claimed, each as often as it was: every board has its own. */
  readonly claimed: readonly number[];
}

export const inviteKind = plainKind<InviteRecord>("invites", (record) => record.id);
