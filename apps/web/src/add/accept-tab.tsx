// An invite that came to me: scanned, or pasted as a link.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CodeReader } from "../camera/code-reader.tsx";
import { InviteView } from "./invite-view.tsx";

/** Reads an invite, then shows whose it is. */
export function AcceptTab({ client }: { client: Client }): JSX.Element {
  const [text, setText] = useState<string>();
  if (text !== undefined) return <InviteView key={text} client={client} text={text} onBack={() => setText(undefined)} />;
  return <CodeReader what="an invite" fieldLabel="Invite link" action="Look at it" startWithText onText={setText} />;
}
