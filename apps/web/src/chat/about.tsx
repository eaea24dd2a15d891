// About a contact: the name I use, whether we are verified, and the safety number to compare.

import type { Client, Contact } from "@sotto/client";
import type { JSX } from "preact";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { NameField } from "../parts/name-field.tsx";
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
        <NameField
          key={contact.name}
          label="Name"
          name={contact.name}
          hint="Only you see the name you give."
          save={(name) => contact.rename(name)}
        />
      </div>
      <Verification contact={contact} />
    </div>
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
