// A browser as the client's machine.

import { browserPrimitives } from "./browser-primitives.ts";
import { systemClock } from "./clock.ts";
import { MessengerError } from "./errors.ts";
import { later } from "./later.ts";
import type { Platform, StoragePlace } from "./platform.ts";
import { platformTransport } from "./relay/transport.ts";
import { indexedDb } from "./storage/indexeddb.ts";

/** Databases of accounts begin with this. */
const PREFIX = "sotto account ";

/** The platform of this page. */
export function browserPlatform(): Platform {
  return {
    primitives: browserPrimitives,
    argon2id: async () => (await later.passphrases()).portableArgon2id,
    transport: platformTransport,
    clock: systemClock,
    deviceName: () => browserName(navigator.userAgent),
    places: {
      async list() {
        if (typeof indexedDB === "undefined") throw new MessengerError("storage/unavailable", { reason: "this browser has no IndexedDB" });
        const databases = await indexedDB.databases();
        const names = databases.map(({ name }) => name ?? "").filter((name) => name.startsWith(PREFIX));
        return names.sort().map(place);
      },
      fresh: async () => place(`${PREFIX}${browserPrimitives.randomBytes(8).join("-")}`),
    },
  };
}

/** For instance "Firefox on Linux": enough to tell one's own devices apart, and no more than that. */
export function browserName(userAgent: string): string {
  const first = (table: readonly (readonly [RegExp, string])[]): string | undefined => table.find(([sign]) => sign.test(userAgent))?.[1];
  // The order counts: every browser also claims to be the ones below it.
  const browser = first([
    [/Edg/, "Edge"],
    [/OPR\//, "Opera"],
    [/Firefox|FxiOS/, "Firefox"],
    [/Chrome|CriOS/, "Chrome"],
    [/Safari/, "Safari"],
  ]);
  const system = first([
    [/iPhone/, "iPhone"],
    [/iPad/, "iPad"],
    [/Android/, "Android"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/CrOS/, "ChromeOS"],
    [/Linux/, "Linux"],
  ]);
  return system === undefined ? (browser ?? "Browser") : `${browser ?? "Browser"} on ${system}`;
}

function place(name: string): StoragePlace {
  const storage = indexedDb(name);
  return {
    storage,
    async discard() {
      await storage.close();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const deletion = indexedDB.deleteDatabase(name);
      deletion.addEventListener("success", () => resolve());
      deletion.addEventListener("error", () =>
        reject(new MessengerError("storage/unavailable", { reason: "the database cannot be deleted" })),
      );
      await promise;
    },
  };
}
