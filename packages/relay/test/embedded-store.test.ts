// The embedded store keeps every promise of a store.

import { fileURLToPath } from "node:url";
import { openEmbeddedStore } from "../src/store/embedded/embedded-store.ts";
import { storeSuite } from "./store-suite.ts";

storeSuite({
  open: openEmbeddedStore,
  file: "board.sqlite",
  appendForever: fileURLToPath(new URL("./support/append-forever.ts", import.meta.url)),
  takeForever: fileURLToPath(new URL("./support/take-forever.ts", import.meta.url)),
});
