// Notices about an account: a newer device list, a new name, a new request key, what its own devices share. Each replaces what the receiver
// held. What is inside is not verified by reading it: a list is verified by `verifyDeviceList`.

import type { Fields } from "../fields.ts";
import { MAX_DEVICES, MAX_DEVICE_ID, MAX_HANDLE_LENGTH, MAX_PAYLOAD } from "../limits.ts";
import { isDeviceId } from "../identity/device.ts";
import { Secret } from "../secret.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";
import { decodeName, encodeName } from "./name-field.ts";
import { decodeStamp, encodeStamp, type Stamp } from "./stamp.ts";

const REQUEST_KEY_LENGTH = 32;

/** A signed device list as bytes, not verified. */
export interface DeviceListBody {
  readonly list: Uint8Array;
  /** To own devices: the key (32 bytes) under which devices of this list introduce themselves to each other. */
  readonly requestKey?: Secret;
}

/** Lists: bounded, not read. */
export const deviceListCodec: BodyCodec<DeviceListBody> = {
  encode({ list, requestKey }) {
    if (requestKey !== undefined && requestKey.length !== REQUEST_KEY_LENGTH) throw unacceptable("a request key has 32 bytes");
    return { list, requestKey: requestKey?.expose() };
  },
  decode(fields) {
    const list = fields.bytesUpTo("list", MAX_PAYLOAD);
    return fields.has("requestKey") ? { list, requestKey: new Secret(fields.bytes("requestKey", REQUEST_KEY_LENGTH)) } : { list };
  },
};

/** What somebody calls themselves: at most 64 code points, no control characters; may be empty. */
export interface ProfileBody {
  readonly name: string;
}

/** Profiles: the name is one that can be shown. */
export const profileCodec: BodyCodec<ProfileBody> = {
  encode: ({ name }) => ({ name: encodeName(name) }),
  decode: (fields) => ({ name: decodeName(fields) }),
};

/** The key (32 bytes) under which the receiver's requests to me are awaited from now on. */
export interface RequestKeyBody {
  readonly key: Secret;
}

/** Request keys: exactly 32 bytes. */
export const requestKeyCodec: BodyCodec<RequestKeyBody> = {
  encode({ key }) {
    if (key.length !== REQUEST_KEY_LENGTH) throw unacceptable("a request key has 32 bytes");
    return { key: key.expose() };
  },
  decode: (fields) => ({ key: new Secret(fields.bytes("key", REQUEST_KEY_LENGTH)) }),
};

/** A name, and when it was given. */
export interface Named extends Stamp {
  readonly name: string;
}

/** What a device is called. */
export interface NamedDevice extends Named {
  readonly device: number;
}

/** What the devices of one account tell each other about it: only believed from a device of my own account. */
export interface AccountStateBody {
  /** What devices are called, by device id. */
  readonly names: readonly NamedDevice[];
  /** What the person is called. */
  readonly profile: Named;
  /** Whether the account is in the directory: then each of its devices puts its bundle there, and reads at the public address. */
  readonly published: boolean;
  readonly handle?: string;
}

/** Account states: names that can be shown, for devices that can be. */
export const accountStateCodec: BodyCodec<AccountStateBody> = {
  encode({ names, profile, published, handle }) {
    if (names.length > MAX_DEVICES) throw unacceptable(`an account has at most ${MAX_DEVICES} devices`);
    if ((handle?.length ?? 0) > MAX_HANDLE_LENGTH) throw unacceptable(`a handle has at most ${MAX_HANDLE_LENGTH} characters`);
    if (names.some(({ device }) => !isDeviceId(device))) throw unacceptable("a device id is out of range");
    return {
      names: names.map((named) => ({ device: named.device, ...encodeNamed(named) })),
      profile: encodeNamed(profile),
      published,
      handle,
    };
  },
  decode(fields) {
    const names = fields.maps("names", MAX_DEVICES, (inside): NamedDevice => {
      const device = inside.uint("device", MAX_DEVICE_ID);
      if (!isDeviceId(device)) throw inside.invalid("device", "is no id of a device");
      return { device, ...decodeNamed(inside) };
    });
    const state = { names, profile: fields.map("profile", decodeNamed), published: fields.boolean("published") };
    return fields.has("handle") ? { ...state, handle: fields.text("handle", MAX_HANDLE_LENGTH) } : state;
  },
};

function encodeNamed(named: Named): { readonly name: string; readonly at: number; readonly by: number } {
  return { name: encodeName(named.name), ...encodeStamp(named) };
}

function decodeNamed(fields: Fields): Named {
  return { name: decodeName(fields), ...decodeStamp(fields) };
}
