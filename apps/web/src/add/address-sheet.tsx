// Somebody's public address was opened in this browser.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { Sheet } from "../parts/sheet.tsx";
import { FoundView } from "./found-view.tsx";

/** The sheet of an opened address link. */
export function AddressSheet({ client, who, onClose }: { client: Client; who: string; onClose: () => void }): JSX.Element {
  return (
    <Sheet title="Write to somebody" onClose={onClose}>
      <FoundView client={client} who={who} onBack={onClose} />
    </Sheet>
  );
}
