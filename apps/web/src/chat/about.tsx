// About a contact: the name I use, whether we are verified, and the safety number to compare.

import type { Client, Contact } from "@sotto/client";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { NAME_LENGTH } from "../parts/name-input.tsx";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { SafetyNumberView } from "../parts/safety-number.tsx";
import { useLive, usePromise, useTask } from "../state/live.ts";

/** The details of a contact. */
export function About({ client, contact: opened }: { client: Client; contact: Contact }): JSX.Element {
  const contact = useLive(client.contacts.list).find(({ id }) => id === opened.id) ?? opened;
  return (
    <div class="about">
      <div class="about-who">
        <Avatar id={contact.id} name={contact.name} />
        <NameField contact={contact} key={contact.name} />
      </div>
      <Verification contact={contact} />
    </div>
  );
}

function NameField({ contact }: { contact: Contact }): JSX.Element {
  const [name, setName] = useState(contact.name);
  const task = useTask();
  const id = useId();
  const changed = name.trim() !== "" && name.trim() !== contact.name;
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) task.run(() => contact.rename(name.trim()));
      }}
    >
      <label class="field-label" for={id}>
        Name
      </label>
      <div class="field-line">
        <input
          id={id}
          class="input"
          dir="auto"
          maxLength={NAME_LENGTH}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        {changed && (
          <button type="submit" class="button" disabled={task.busy}>
            Save
          </button>
        )}
      </div>
      <p class="hint">Only you see the name you give.</p>
      <ProblemNotice problem={task.problem} />
    </form>
  );
}

function Verification({ contact }: { contact: Contact }): JSX.Element {
  const { value: number, problem } = usePromise(() => contact.safetyNumber(), [contact.id]);
  const task = useTask();
  const verified = contact.trust === "verified";
  return (
    <section class="verification" aria-labelledby="safety-number">
      <h3 id="safety-number">Safety number</h3>
      {verified ? (
        <Notice tone="good" icon="shield" title="Verified" text={`You know that this is ${contact.name} and nobody in between.`} />
      ) : (
        <p>Together, or on a call? Read the groups to each other. If both of you see the same, nobody is in between.</p>
      )}
      <ProblemNotice problem={problem} />
      {number !== undefined && <SafetyNumberView number={number} />}
      <ProblemNotice problem={task.problem} />
      {verified ? (
        <button type="button" class="button quiet" disabled={task.busy} onClick={() => task.run(() => contact.setVerified(false))}>
          Take “verified” back
        </button>
      ) : (
        <button
          type="button"
          class="button primary"
          disabled={task.busy || number === undefined}
          onClick={() => task.run(() => contact.setVerified(true))}
        >
          <Icon name="check" />
          I compared it: they match
        </button>
      )}
    </section>
  );
}
