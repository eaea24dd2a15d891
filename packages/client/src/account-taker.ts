// Becoming a new device of an account. Not a concern here: the pairing, what the old device does (account-giver.ts).

import type { JoinAsDevice } from "./api.ts";
import type { Platform } from "./platform.ts";

/** `joinAsDevice` on a platform. */
export function joinAsDeviceOn(_platform: Platform): JoinAsDevice {
  return () => {
    throw new Error("not written yet");
  };
}
