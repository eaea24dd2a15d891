// What the new device shows while it is being linked, state by state. Takes the running session, gives its picture.

import type { JoinSession } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CopyField } from "../parts/copy-field.tsx";
import { Countdown } from "../parts/countdown.tsx";
import { DigitsField, DigitsShown } from "../parts/digits.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { QrView } from "../parts/qr-view.tsx";
import { useLive, usePromise, useTask } from "../state/live.ts";

interface JoinProgressProps {
  session: JoinSession;
  way: "scan" | "show";
  /** The camera or text field, for the way "scan". */
  reader: (busy: boolean) => JSX.Element;
}

/** The steps of linking, on the new device. How it ends badly is told by the page around it. */
export function JoinProgress({ session, way, reader }: JoinProgressProps): JSX.Element {
  const state = useLive(session.state);
  switch (state) {
    case "waiting":
      return way === "scan" ? reader(false) : <Shown session={session} />;
    case "scanned":
      return <p role="status">The devices have found each other. One moment…</p>;
    case "confirm":
      return <Confirm session={session} />;
    case "reply":
      return <Reply session={session} />;
    case "copying":
    case "done":
      return (
        <p role="status" class="working">
          Bringing your account over. Keep both devices open…
        </p>
      );
    default:
      return <p role="status">This ended. One moment…</p>;
  }
}

function Shown({ session }: { session: JoinSession }): JSX.Element {
  return (
    <div class="pairing-code">
      <p>
        On your other device: <b>Settings, Devices, Link a device</b>. Then let it scan this.
      </p>
      <QrView qr={session.qr} label="Code to link this device: scan it with your other device" />
      <Countdown until={session.expires} />
      <details>
        <summary>No camera?</summary>
        <CopyField label="The code as text" text={session.qr.text} />
      </details>
    </div>
  );
}

function Confirm({ session }: { session: JoinSession }): JSX.Element {
  const { value: code } = usePromise(() => session.checkCode, [session]);
  return (
    <div class="pairing-code">
      <p>Type these six digits on your other device.</p>
      {code === undefined ? <p role="status">One moment…</p> : <DigitsShown digits={code} label="Six digits" />}
      <Countdown until={session.expires} />
    </div>
  );
}

function Reply({ session }: { session: JoinSession }): JSX.Element {
  const [code, setCode] = useState("");
  const task = useTask();
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === 6) task.run(() => session.confirm(code));
      }}
    >
      <p>Your other device shows six digits too. Type them here.</p>
      <DigitsField label="Six digits of your other device" value={code} disabled={task.busy} onInput={setCode} />
      <ProblemNotice problem={task.problem} />
      <button type="submit" class="button primary" disabled={code.length !== 6 || task.busy}>
        Continue
      </button>
      <Countdown until={session.expires} />
    </form>
  );
}
