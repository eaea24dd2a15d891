// First contact: how a device that the other side cannot know yet introduces itself (spec §5, kind 3). Takes the address of a claim slot, a
// request or a public address, the recipient's device, our list and a hello; gives the body of a cell that hides who asks, and back. The
// hello is a session's first message and authenticates the sender's device; what it says is not a concern here.

import { BOX_OVERHEAD } from "../agreement/box.ts";
import { PUBLIC_KEY_LENGTH } from "../agreement/key-pair.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type DeviceList, verifyDeviceList } from "../identity/device-list.ts";
import type { DeviceEntry } from "../identity/device.ts";
import { MAX_DEVICE_ID, MAX_PAYLOAD, PREKEY_MESSAGE_OVERHEAD } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { CellAddress } from "../stream/cell.ts";
import { openForDevice, sealForDevice, type SealedCell, type SealedRecipient } from "./sealed.ts";

// CBOR around list and hello: the map, three keys, two lengths of three bytes and a device id of two.
const ENVELOPE_LENGTH = 27;

/** What a first contact says, once it was opened: the list is verified and contains the device. The hello is not opened yet. */
export interface FirstContact {
  readonly list: DeviceList;
  readonly device: DeviceEntry;
  /** A prekey message. Opened by `RatchetSession.answer`; only then it is certain who wrote. */
  readonly hello: Uint8Array;
}

/** Who a first contact is for and from whom it is. */
export interface FirstContactParts {
  readonly address: CellAddress;
  readonly to: SealedRecipient;
  readonly from: { readonly list: DeviceList; readonly deviceId: number };
  readonly hello: Uint8Array;
}

/** Bytes of plaintext that a hello can carry beside this list: 1,897 for one device, 307 for sixteen. */
export function maxHelloLength(list: DeviceList): number {
  return MAX_PAYLOAD - PUBLIC_KEY_LENGTH - BOX_OVERHEAD - ENVELOPE_LENGTH - list.bytes.length - PREKEY_MESSAGE_OVERHEAD;
}

/** Seals a first contact as the body of a cell (4,096 bytes). `message/too-large` when list and hello do not fit together. */
export function sealFirstContact(p: Primitives, { address, to, from, hello }: FirstContactParts): Uint8Array {
  return sealForDevice(p, address, to, encodeCbor({ list: from.list.bytes, device: from.deviceId, hello }));
}

/**
 * Opens a first contact that was found under an address of ours. `cell/invalid` for a damaged cell or another kind, `meeting/wrong-recipient`
 * when it is sealed for another account or device, `decode/invalid`, errors of `verifyDeviceList`, `identity/not-listed`.
 */
export function openFirstContact(p: Primitives, cell: SealedCell): FirstContact {
  const inside = openForDevice(p, cell);
  const fields = new Fields(decodeCbor(inside, "a first contact"), "a first contact");
  const listBytes = fields.bytesUpTo("list", MAX_PAYLOAD);
  const deviceId = fields.uint("device", MAX_DEVICE_ID);
  const hello = fields.bytesUpTo("hello", MAX_PAYLOAD);
  fields.end();
  const list = verifyDeviceList(p, listBytes);
  const entry = list.entries.find((listed) => listed.id === deviceId);
  if (entry === undefined)
    throw new ProtocolError("identity/not-listed", "a first contact is from a device that its account does not list");
  return { list, device: entry, hello };
}
