// The door of @sotto/client/testing in browsers, on the portable primitives.

import { portablePrimitives } from "@sotto/protocol/primitives/portable";
import { createTestRelayOn } from "./test-relay.ts";

export * from "./index.ts";

/** A relay in this page, without network or timers: see `TestRelay`. */
export const createTestRelay = createTestRelayOn({
  primitives: portablePrimitives,
  argon2id: async () => (await import("@sotto/protocol/primitives/argon2id")).portableArgon2id,
});
