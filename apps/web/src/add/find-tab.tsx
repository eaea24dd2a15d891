// Finding somebody who published an address: by id, by handle, or by the code or link they show.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { CodeReader } from "../camera/code-reader.tsx";
import { mayHaveCamera } from "../camera/scanner.tsx";
import { Icon } from "../parts/icon.tsx";
import { addressIn } from "./address-link.ts";
import { FoundView } from "./found-view.tsx";

/** Finds a published account, then shows it. */
export function FindTab({ client }: { client: Client }): JSX.Element {
  const [text, setText] = useState("");
  const [who, setWho] = useState<string>();
  const [scanning, setScanning] = useState(false);
  const id = useId();
  if (who !== undefined) return <FoundView key={who} client={client} who={who} onBack={() => setWho(undefined)} />;
  if (scanning) {
    return (
      <CodeReader
        what="an address"
        fieldLabel="Address or handle"
        action="Find"
        onText={(found) => {
          setScanning(false);
          setWho(addressIn(found));
        }}
      />
    );
  }
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") setWho(addressIn(text));
      }}
    >
      <label class="field-label" for={id}>
        Address or handle
      </label>
      <input
        id={id}
        class="input"
        placeholder="@handle or sotto1…"
        autocapitalize="none"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="hint">The first message asks the other person to accept.</p>
      <button type="submit" class="button primary" disabled={text.trim() === ""}>
        <Icon name="search" />
        Find
      </button>
      {mayHaveCamera() && (
        <button type="button" class="button link" onClick={() => setScanning(true)}>
          <Icon name="camera" />
          Scan a code
        </button>
      )}
    </form>
  );
}
