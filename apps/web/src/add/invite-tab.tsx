// An invite for one person: a QR code to hold out, a link to send. The open one is shown again until it is used.

import type { Client, Invite } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { CopyField } from "../parts/copy-field.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { QrView } from "../parts/qr-view.tsx";
import { useLive, useTask } from "../state/live.ts";
import { dayOf } from "../state/times.ts";

/** Makes and shows an invite. */
export function InviteTab({ client }: { client: Client }): JSX.Element {
  const invites = useLive(client.invites.list);
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

function newestOpen(invites: readonly Invite[]): Invite | undefined {
  const open = invites.filter(({ usesLeft, expires }) => usesLeft > 0 && expires.getTime() > Date.now());
  return open.toSorted((a, b) => b.expires.getTime() - a.expires.getTime())[0];
}
