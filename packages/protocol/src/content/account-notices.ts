// Notices about an account: a newer device list, a new name, a new request key, what its own devices share. Each replaces what the receiver
// held. What is inside is not verified by reading it: a list is verified by `verifyDeviceList`.

import { Fields } from "../fields.ts";
import { MAX_DEVICES, MAX_DEVICE_ID, MAX_HANDLE_LENGTH, MAX_NAME_LENGTH, MAX_PAYLOAD } from "../limits.ts";
import { isDeviceId } from "../identity/device.ts";
import { nameProblem } from "../meeting/name.ts";
import { Secret } from "../secret.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

const REQUEST_KEY_LENGTH = 32;

/** A signed device list as bytes, not verified. */
export interface DeviceListBody {
  readonly list: Uint8Array;
}

/** Lists: bounded, not read. */
export const deviceListCodec: BodyCodec<DeviceListBody> = {
  encode: ({ list }) => ({ list }),
  decode: (fields) => ({ list: fields.bytesUpTo("list", MAX_PAYLOAD) }),
};

/** What somebody calls themselves: at most 64 code points, no control characters; may be empty. */
export interface ProfileBody {
  readonly name: string;
}

/** Profiles: the name is one that can be shown. */
export const profileCodec: BodyCodec<ProfileBody> = {
  encode({ name }) {
    const problem = nameProblem(name);
    if (problem !== undefined) throw unacceptable(`a name ${problem}`);
    return { name };
  },
  decode(fields) {
    const name = fields.text("name", 2 * MAX_NAME_LENGTH);
    const problem = nameProblem(name);
    if (problem !== undefined) throw fields.invalid("name", problem);
    return { name };
  },
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

/** What the devices of one account tell each other about it: only believed from a device of my own account. */
export interface AccountStateBody {
  /** What devices are called, by device id. */
  readonly names: readonly { readonly device: number; readonly name: string }[];
  /** Whether the account is in the directory: then each of its devices puts its bundle there, and reads at the public address. */
  readonly published: boolean;
  readonly handle?: string;
}

/** Account states: names that can be shown, for devices that can be. */
export const accountStateCodec: BodyCodec<AccountStateBody> = {
  encode({ names, published, handle }) {
    if (names.length > MAX_DEVICES) throw unacceptable(`an account has at most ${MAX_DEVICES} devices`);
    if ((handle?.length ?? 0) > MAX_HANDLE_LENGTH) throw unacceptable(`a handle has at most ${MAX_HANDLE_LENGTH} characters`);
    for (const { device, name } of names) {
      if (!isDeviceId(device)) throw unacceptable("a device id is out of range");
      const problem = nameProblem(name);
      if (problem !== undefined) throw unacceptable(`a device's name ${problem}`);
    }
    return { names: names.map(({ device, name }) => ({ device, name })), published, handle };
  },
  decode(fields) {
    const names = fields.array("names", MAX_DEVICES).map((item) => {
      const named = new Fields(item, "a device's name", "content/invalid");
      const name = { device: named.uint("device", MAX_DEVICE_ID), name: named.text("name", 2 * MAX_NAME_LENGTH) };
      named.end();
      const problem = nameProblem(name.name);
      if (problem !== undefined) throw fields.invalid("names", problem);
      if (!isDeviceId(name.device)) throw fields.invalid("names", "is not of a device");
      return name;
    });
    const published = fields.boolean("published");
    return fields.has("handle") ? { names, published, handle: fields.text("handle", MAX_HANDLE_LENGTH) } : { names, published };
  },
};
