// Strangers who ask to talk: accept, decline, or decline and block. Nothing they wrote is shown before.

import type { Client, ContactRequest } from "@sotto/client";
import type { JSX } from "preact";
import { Avatar } from "../parts/avatar.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { Sheet } from "../parts/sheet.tsx";
import { useLive, useTask } from "../state/live.ts";
import { go } from "../state/route.ts";
import { shortOf } from "../state/times.ts";

/** The sheet of all requests. */
export function RequestsSheet({ client, onClose }: { client: Client; onClose: () => void }): JSX.Element {
  const requests = useLive(client.contacts.requests);
  return (
    <Sheet title="Requests" onClose={onClose}>
      {requests.length === 0 ? (
        <p class="hint">Nobody is waiting for an answer.</p>
      ) : (
        <>
          <p class="hint">
            They found your public address. The names are what they call themselves. What they wrote is shown when you accept.
          </p>
          <ul class="requests">
            {requests.map((request) => (
              <RequestCard key={request.id} request={request} />
            ))}
          </ul>
        </>
      )}
    </Sheet>
  );
}

function RequestCard({ request }: { request: ContactRequest }): JSX.Element {
  const task = useTask();
  const accept = (): void =>
    task.run(async (signal) => {
      const conversation = await request.accept({ signal });
      go({ at: "chat", id: conversation.id }, { replace: true });
    });
  const decline = (block: boolean): void => task.run((signal) => request.decline({ block, signal }));
  const { name } = request.from;
  return (
    <li class="request" aria-label={`Request from ${name}`}>
      <Avatar id={request.id} name={name} />
      <div class="request-words">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <small>{shortOf(request.received, new Date())}</small>
      </div>
      <div class="button-row">
        <button type="button" class="button primary" disabled={task.busy} onClick={accept}>
          Accept
        </button>
        <button type="button" class="button" disabled={task.busy} onClick={() => decline(false)}>
          Decline
        </button>
        <button type="button" class="button quiet bad" disabled={task.busy} onClick={() => decline(true)}>
          Block
        </button>
      </div>
      <ProblemNotice problem={task.problem} />
    </li>
  );
}
