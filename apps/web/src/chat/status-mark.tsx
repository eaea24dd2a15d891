// ◷ waiting, ✓ the relay holds it, ✓✓ their device has it, ! not sent: drawn, with the same in words.

import type { Status } from "@sotto/client";
import type { JSX } from "preact";
import { fullOf } from "../state/times.ts";

const WORDS: Record<Status["state"], string> = { queued: "Waiting to be sent", sent: "Sent", delivered: "Delivered", failed: "Not sent" };

/** The mark of a message's status. */
export function StatusMark({ status }: { status: Status }): JSX.Element {
  const words = WORDS[status.state];
  return (
    <span
      class={`status-mark ${status.state}`}
      title={"at" in status ? `${words}, ${fullOf(status.at)}` : words}
      data-status={status.state}
    >
      <svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true" focusable="false">
        <path d={PATHS[status.state]} />
      </svg>
      <span class="unseen">{words}</span>
    </span>
  );
}

const PATHS: Record<Status["state"], string> = {
  queued: "M9 11A5 5 0 1 0 9 1a5 5 0 0 0 0 10zM9 3v3l2 1.3",
  sent: "M4.5 6.5l3 3 6-7",
  delivered: "M1 6.5l3 3 6-7M8.5 9l.6.5 6.2-7",
  failed: "M9 1.5v6M9 10v.5",
};
