// The door of @sotto/client/testing in Node, on its fast primitives.

import { nodeArgon2id, nodePrimitives } from "@sotto/protocol/primitives/node";
import { createTestRelayOn } from "./test-relay.ts";

export * from "./index.ts";

/** A relay in this process, without network or timers: see `TestRelay`. */
export const createTestRelay = createTestRelayOn({ primitives: nodePrimitives, argon2id: async () => nodeArgon2id });
