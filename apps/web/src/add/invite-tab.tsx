// An invite for one person: a QR code to hold out, a link to send. The open one is shown again until it is used.

import type { Client, Conversation, Invite } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { chatName } from "../chat/chat-name.ts";
import { Avatar } from "../parts/avatar.tsx";
import { CopyField } from "../parts/copy-field.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { QrView } from "../parts/qr-view.tsx";
import { useLive, useTask } from "../state/live.ts";
import { go } from "../state/route.ts";
import { dayOf } from "../state/times.ts";

/** Makes and shows an invite; when somebody accepts one meanwhile, shows who. */
export function InviteTab({ client }: { client: Client }): JSX.Element {
  const invites = useLive(client.invites.list);
  const accepted = useNewcomer(client);
  const { name } = useLive(client.profile);
  const task = useTask();
  const invite = newestOpen(invites);
  const make = (): void =>
    task.run(async (signal) => {
      await client.invites.create({ signal });
    });
  // Who opens this tab wants an invite: the first is made without another question.
  useEffect(() => {
    if (newestOpen(client.invites.list.get()) === undefined) make();
  }, []);
  if (accepted !== undefined) return <Accepted conversation={accepted} />;
  if (invite === undefined) {
    return (
      <>
        <ProblemNotice problem={task.problem} onRetry={make} />
        {task.problem === undefined && <p role="status">{task.busy ? "Making an invite…" : "The invite was used."}</p>}
        {!task.busy && task.problem === undefined && (
          <button type="button" class="button primary" onClick={make}>
            Make a new one
          </button>
        )}
      </>
    );
  }
  return (
    <div class="invite">
      <p>Let the other person scan this, or send the link. It is for one person, until {dayOf(invite.expires, new Date())}.</p>
      <QrView qr={invite.qr} label="Invite: scan it to talk to me" />
      <CopyField key={invite.id} label="Invite link" text={invite.url} share={`${name} invites you to talk on Sotto:`} />
      <ProblemNotice problem={task.problem} onRetry={make} />
      <button type="button" class="button link" disabled={task.busy} onClick={make}>
        Another invite, for somebody else
      </button>
    </div>
  );
}

function Accepted({ conversation }: { conversation: Conversation }): JSX.Element {
  const name = chatName(conversation);
  return (
    <div class="who-card">
      <Avatar id={conversation.contact?.id ?? conversation.id} name={name} />
      <p class="who-name" role="status">
        <bdi>{name}</bdi> is here
      </p>
      <button type="button" class="button primary" onClick={() => go({ at: "chat", id: conversation.id }, { replace: true })}>
        Write
      </button>
    </div>
  );
}

/** The first person who came to be a contact since this tab was opened. */
function useNewcomer(client: Client): Conversation | undefined {
  const conversations = useLive(client.conversations.list);
  const [before] = useState(() => new Set(client.conversations.list.get().map(({ id }) => id)));
  return conversations.find(({ id, kind }) => kind === "direct" && !before.has(id));
}

function newestOpen(invites: readonly Invite[]): Invite | undefined {
  const open = invites.filter(({ usesLeft, expires }) => usesLeft > 0 && expires.getTime() > Date.now());
  return open.toSorted((a, b) => b.expires.getTime() - a.expires.getTime())[0];
}
