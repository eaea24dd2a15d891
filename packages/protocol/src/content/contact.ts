// Contact: what my devices tell each other about a person (spec §7). Only believed from a device of my own account. The later stamp holds.

import { MAX_CARD_LENGTH } from "../limits.ts";
import { Secret } from "../secret.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";
import { decodeName, encodeName } from "./name-field.ts";
import { decodeStamp, encodeStamp, type Stamp } from "./stamp.ts";

const REQUEST_KEY_LENGTH = 32;

/** How far two people have met, as one side sees it. */
export const contactPhases = ["asking", "request", "open", "refused", "declined", "blocked"] as const;

/** One of `contactPhases`. */
export type ContactPhaseName = (typeof contactPhases)[number];

/** A person, as one of my devices knows them. */
export interface ContactBody {
  /** Their newest card as bytes, not verified: `verifyKeptCard`. */
  readonly card: Uint8Array;
  /** The request key (32 bytes) that my account gave them. */
  readonly requestKey: Secret;
  readonly phase: ContactPhaseName;
  /** Whether their safety number was compared, or an invite of theirs accepted in person. */
  readonly verified: boolean;
  /** The version of their device list up to which a person stood by that, and the first one that has to be asked about; 0: none. */
  readonly assessed: number;
  readonly alarmed: number;
  /** What I call them; absent: what they call themselves. */
  readonly name?: string;
  /** When a person last changed phase, verification or name. */
  readonly changed: Stamp;
  /** When the request key was last renewed. */
  readonly keyed: Stamp;
  /** When they last said what they call themselves. */
  readonly named: Stamp;
}

/** Contacts: known phases only; the card is bounded, not read. */
export const contactCodec: BodyCodec<ContactBody> = {
  encode({ card, requestKey, phase, verified, assessed, alarmed, name, changed, keyed, named }) {
    if (card.length > MAX_CARD_LENGTH) throw unacceptable(`a card has at most ${MAX_CARD_LENGTH} bytes`);
    if (requestKey.length !== REQUEST_KEY_LENGTH) throw unacceptable("a request key has 32 bytes");
    const stamps = { changed: encodeStamp(changed), keyed: encodeStamp(keyed), named: encodeStamp(named) };
    const called = name === undefined ? undefined : encodeName(name);
    return { card, requestKey: requestKey.expose(), phase, verified, assessed, alarmed, name: called, ...stamps };
  },
  decode(fields) {
    const phase = fields.text("phase", 16);
    const known = contactPhases.find((one) => one === phase);
    if (known === undefined) throw fields.invalid("phase", "is not known");
    const contact = {
      card: fields.bytesUpTo("card", MAX_CARD_LENGTH),
      requestKey: new Secret(fields.bytes("requestKey", REQUEST_KEY_LENGTH)),
      phase: known,
      verified: fields.boolean("verified"),
      assessed: fields.uint("assessed"),
      alarmed: fields.uint("alarmed"),
      changed: fields.map("changed", decodeStamp),
      keyed: fields.map("keyed", decodeStamp),
      named: fields.map("named", decodeStamp),
    };
    return fields.has("name") ? { ...contact, name: decodeName(fields) } : contact;
  },
};
