// Somebody's invite link was opened in this browser.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { Sheet } from "../parts/sheet.tsx";
import { InviteView } from "./invite-view.tsx";

/** The sheet of an opened invite link. */
export function InvitedSheet({ client, text, onClose }: { client: Client; text: string; onClose: () => void }): JSX.Element {
  return (
    <Sheet title="You are invited" onClose={onClose}>
      <InviteView client={client} text={text} onBack={onClose} />
    </Sheet>
  );
}
