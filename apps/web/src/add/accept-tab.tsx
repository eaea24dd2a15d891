// An invite that came to me: scanned, or pasted as a link.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CodeReader } from "../camera/code-reader.tsx";
import { InviteView } from "./invite-view.tsx";

/** Reads an invite, then shows whose it is. */
export function AcceptTab({ client }: { client: Client }): JSX.Element {
  const [read, setRead] = useState<{ text: string; inPerson: boolean }>();
  if (read !== undefined) return <InviteView key={read.text} client={client} {...read} onBack={() => setRead(undefined)} />;
  const onText = (text: string, typed: boolean): void => setRead({ text, inPerson: !typed });
  return <CodeReader what="an invite" fieldLabel="Invite link" action="Look at it" startWithText onText={onText} />;
}
