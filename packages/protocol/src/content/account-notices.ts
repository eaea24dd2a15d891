// Notices about an account: a newer device list, a new name, a new request key. Each replaces what the receiver held. What is inside is not
// verified by reading it: a list is verified by `verifyDeviceList`.

import { MAX_NAME_LENGTH, MAX_PAYLOAD } from "../limits.ts";
import { nameProblem } from "../meeting/name.ts";
import { Secret } from "../secret.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

const REQUEST_KEY_LENGTH = 32;

/** A signed device list as bytes, not verified. */
export interface DeviceListBody {
  readonly list: Uint8Array;
}

export const deviceListCodec: BodyCodec<DeviceListBody> = {
  encode: ({ list }) => ({ list }),
  decode: (fields) => ({ list: fields.bytesUpTo("list", MAX_PAYLOAD) }),
};

/** What somebody calls themselves: at most 64 code points, no control characters; may be empty. */
export interface ProfileBody {
  readonly name: string;
}

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

export const requestKeyCodec: BodyCodec<RequestKeyBody> = {
  encode({ key }) {
    if (key.length !== REQUEST_KEY_LENGTH) throw unacceptable("a request key has 32 bytes");
    return { key: key.expose() };
  },
  decode: (fields) => ({ key: new Secret(fields.bytes("key", REQUEST_KEY_LENGTH)) }),
};
