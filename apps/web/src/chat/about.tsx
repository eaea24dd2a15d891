// About a contact: the name I use, and whether they are who I think (verification.tsx).

import type { Client, Contact } from "@sotto/client";
import type { JSX } from "preact";
import { Avatar } from "../parts/avatar.tsx";
import { NameField } from "../parts/name-field.tsx";
import { useLive } from "../state/live.ts";
import { Verification } from "./verification.tsx";

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
