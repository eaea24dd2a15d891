// What a device says about itself in a pairing (spec §6, P-9): CBOR { role, name, and for a new device of an account key, registration }.
// Takes and gives that, checked. Whether the key is really held is proved by the possession signature (messages.ts).

import { type PublicKey, PUBLIC_KEY_LENGTH, parsePublicKey } from "../agreement/key-pair.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import { MAX_NAME_LENGTH, MAX_REGISTRATION_ID } from "../limits.ts";
import { nameProblem } from "../meeting/name.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { PairingPeer, PairingRole } from "./events.ts";

/** A peer and the role it takes. */
export interface PairingInfo extends PairingPeer {
  readonly role: PairingRole;
}

const WHAT = "what the other device says about itself";

/** The encoding of our own info. `argument/invalid` when the other side would refuse it. */
export function encodeInfo(info: PairingInfo): Uint8Array {
  if (!isDeviceName(info.deviceName)) {
    throw new ProtocolError("argument/invalid", `a device name has 1 to ${MAX_NAME_LENGTH} characters, none of them control characters`);
  }
  const { device } = info;
  if (device !== undefined && (info.role !== "receive" || !isRegistrationId(device.registrationId))) {
    throw new ProtocolError("argument/invalid", "only the new device has a key to show, with a registration id of 14 bits");
  }
  return encodeCbor({ role: info.role, name: info.deviceName, key: device?.key, registration: device?.registrationId });
}

/** Reads the other side's info. `decode/invalid`. */
export function decodeInfo(p: Primitives, bytes: Uint8Array): PairingInfo {
  const fields = new Fields(decodeCbor(bytes, WHAT), WHAT);
  const role = fields.text("role", 7);
  if (role !== "give" && role !== "receive") throw fields.invalid("role", "is not known");
  const deviceName = fields.text("name", 2 * MAX_NAME_LENGTH);
  if (!isDeviceName(deviceName)) throw fields.invalid("name", "cannot be shown");
  const device = fields.has("key") ? readDevice(p, fields) : undefined;
  if (device !== undefined && role !== "receive") throw fields.invalid("key", "belongs to a new device only");
  fields.end();
  return device === undefined ? { role, deviceName } : { role, deviceName, device };
}

function readDevice(p: Primitives, fields: Fields): { key: PublicKey; registrationId: number } {
  const bytes = fields.bytes("key", PUBLIC_KEY_LENGTH);
  const registrationId = fields.uint("registration", MAX_REGISTRATION_ID);
  try {
    return { key: parsePublicKey(p, bytes), registrationId };
  } catch {
    throw fields.invalid("key", "is not usable");
  }
}

function isDeviceName(name: string): boolean {
  return name.trim() !== "" && nameProblem(name) === undefined;
}

function isRegistrationId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= MAX_REGISTRATION_ID;
}
