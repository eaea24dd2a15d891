// Claim slots: where those who take up an invite put their first contact (spec §5). Takes the invite's request key, gives addresses. Not a
// concern here: the invite itself (invite.ts), what a first contact says.

import { ascii, be4, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_INVITE_USES } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { Secret } from "../secret.ts";
import { ADDRESS_LENGTH, type CellAddress, splitAddress } from "../stream/cell.ts";

const CLAIM = ascii("Sotto Claim v1");

/** The claim slot number `slot` (0..19) of an invite: `HKDF(no salt, requestKey, "Sotto Claim v1" || BE4(slot), 48)`. */
export function claimAddress(p: Primitives, requestKey: Secret, slot: number): CellAddress {
  if (!(slot < MAX_INVITE_USES)) throw new ProtocolError("argument/invalid", `an invite has at most ${MAX_INVITE_USES} claim slots`);
  return splitAddress(p.hkdf(undefined, requestKey.expose(), concat(CLAIM, be4(slot)), ADDRESS_LENGTH));
}
