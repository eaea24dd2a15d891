// Sealed payloads (spec §5, kind 3): a cell for one device of one account, from whoever: an ephemeral key hides who asks. Takes and gives the
// bytes inside; who wrote them has to show from what they say.
//
//   payload = ephemeral key E (33) || box of §1 from E to the device, context "Sotto Sealed v1" || account key || device id, ad = tag

import { BOX_OVERHEAD, openBox, sealBox } from "../agreement/box.ts";
import { PUBLIC_KEY_LENGTH, type PublicKey, generateKeyPair, parsePublicKey } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Device, DeviceEntry } from "../identity/device.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type CellAddress, openCell, sealCell } from "../stream/cell.ts";

const CONTEXT = ascii("Sotto Sealed v1");

/** The device that a sealed cell is for. */
export interface SealedRecipient {
  readonly account: PublicKey;
  readonly device: DeviceEntry;
}

/** A sealed cell that was found, and who found it. */
export interface SealedCell {
  readonly address: CellAddress;
  readonly body: Uint8Array;
  readonly device: Device;
  readonly account: PublicKey;
}

/** Seals bytes as the body of a cell (4,096 bytes). `message/too-large`. */
export function sealForDevice(p: Primitives, address: CellAddress, { account, device }: SealedRecipient, inside: Uint8Array): Uint8Array {
  const ephemeral = generateKeyPair(p);
  const box = sealBox(p, ephemeral, device.key, context(account, device.id), inside, address.tag);
  ephemeral.privateKey.wipe();
  return sealCell(p, address, "sealed", concat(ephemeral.publicKey, box));
}

/** The bytes inside. `cell/invalid` for a damaged cell or another kind, `meeting/wrong-recipient` when it is sealed for another account or device. */
export function openForDevice(p: Primitives, { address, body, device, account }: SealedCell): Uint8Array {
  const { kind, payload } = openCell(p, address, body);
  if (kind !== "sealed" || payload.length < PUBLIC_KEY_LENGTH + BOX_OVERHEAD) {
    throw new ProtocolError("cell/invalid", "the cell does not hold a sealed payload");
  }
  const ephemeral = parsePublicKey(p, payload.subarray(0, PUBLIC_KEY_LENGTH));
  try {
    return openBox(p, device.keys, ephemeral, context(account, device.id), payload.subarray(PUBLIC_KEY_LENGTH), address.tag);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ProtocolError("meeting/wrong-recipient", "a sealed payload is not for this device of this account");
  }
}

function context(account: PublicKey, deviceId: number): Uint8Array {
  return concat(CONTEXT, account, Uint8Array.of(deviceId));
}
