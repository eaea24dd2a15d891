// Node as the client's machine.

import { hostname } from "node:os";
import { nodeArgon2id, nodePrimitives } from "@sotto/protocol/primitives/node";
import { systemClock } from "../clock.ts";
import type { Platform } from "../platform.ts";
import { platformTransport } from "../relay/transport.ts";
import { dataFolder, folderPlaces } from "./places.ts";

/** The platform of this process; accounts are kept under `folder`. */
export function nodePlatform(folder: string = dataFolder()): Platform {
  return {
    primitives: nodePrimitives(),
    argon2id: async () => nodeArgon2id,
    transport: platformTransport,
    clock: systemClock,
    deviceName: () => hostname() || "Node",
    places: folderPlaces(folder),
  };
}
