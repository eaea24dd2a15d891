// My public address: not there until I publish it. Then who knows it can ask to talk to me.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { CopyField } from "../parts/copy-field.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { QrView } from "../parts/qr-view.tsx";
import { useLive, usePromise, useTask } from "../state/live.ts";
import { addressLink } from "./address-link.ts";

const HANDLE = /^[a-z0-9_]{3,32}$/;

/** Publishes and shows my address. */
export function AddressTab({ client }: { client: Client }): JSX.Element {
  const state = useLive(client.address.state);
  return (
    <>
      {state.published ? (
        <Published client={client} handle={state.handle} />
      ) : (
        <p>Publish your address, and people who know it can ask to talk to you. Until you accept, you see nothing but their name.</p>
      )}
      {state.handle === undefined && <PublishForm client={client} published={state.published} />}
    </>
  );
}

function Published({ client, handle }: { client: Client; handle: string | undefined }): JSX.Element {
  const link = addressLink(location.origin, client.id);
  const { value: qr } = usePromise(async () => (await import("../parts/text-qr.ts")).qrOf(link), [link]);
  return (
    <div class="invite">
      <p>{handle === undefined ? "Your address is public. Whoever has it can ask to talk to you." : `You are @${handle} on this relay.`}</p>
      {qr !== undefined && <QrView qr={qr} label="My address: scan it to write to me" />}
      <CopyField label="Link to my address" text={link} share="Write to me on Sotto:" />
      <CopyField label="My address" text={client.id} />
    </div>
  );
}

function PublishForm({ client, published }: { client: Client; published: boolean }): JSX.Element {
  const [handle, setHandle] = useState("");
  const task = useTask();
  const id = useId();
  const fits = HANDLE.test(handle) || (handle === "" && !published);
  // Whoever closes the sheet has seen that the address is public, so this goes on without it.
  const publish = (): void => task.run(() => client.address.publish(handle === "" ? {} : { handle }));
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) publish();
      }}
    >
      <label class="field-label" for={id}>
        Handle (if you like)
      </label>
      <div class="prefixed">
        <span aria-hidden="true">@</span>
        <input
          id={id}
          class="input"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          maxLength={32}
          aria-describedby={`${id}-hint`}
          aria-invalid={handle !== "" && !fits}
          value={handle}
          onInput={(event) => setHandle(event.currentTarget.value.toLowerCase().replace(/^@/, ""))}
        />
      </div>
      <p class="hint" id={`${id}-hint`}>
        {handle !== "" && !fits
          ? "3 to 32 of a–z, 0–9 and _"
          : "A short name on this relay that people can type. First come, first served."}
      </p>
      <ProblemNotice problem={task.problem} onRetry={publish} />
      <button type="submit" class="button primary" disabled={!fits || task.busy} aria-busy={task.busy}>
        {published ? "Take this handle" : "Publish"}
      </button>
    </form>
  );
}
