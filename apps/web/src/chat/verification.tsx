// Whether a contact is who I think: the safety number to compare, by eye or by camera. Takes the contact. Not its concern: how codes are read,
// what to do when their account was restored elsewhere (alarm.tsx).

import type { Contact, SafetyNumber, ScanResult } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CodeReader } from "../camera/code-reader.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { QrView } from "../parts/qr-view.tsx";
import { SafetyNumberView } from "../parts/safety-number.tsx";
import { usePromise, useTask } from "../state/live.ts";
import { Alarm } from "./alarm.tsx";

const SCANNED: Record<Exclude<ScanResult, "match">, { title: string; text: string }> = {
  mismatch: {
    title: "They do not match",
    text: "Make sure that they show their code for the chat with you. If they do, somebody may be in between: do not go on here.",
  },
  "other-contact": { title: "This is somebody else’s code", text: "Ask them to open the chat with you, and to show the code from there." },
  "not-a-safety-code": { title: "This is not a safety number", text: "They find theirs in the chat with you, under “About”." },
};

/** The safety number of a contact and everything that it is for. */
export function Verification({ contact }: { contact: Contact }): JSX.Element {
  const { value: number, problem } = usePromise(() => contact.safetyNumber(), [contact.id]);
  const task = useTask();
  const verified = contact.trust === "verified";
  const changed = contact.trust === "changed" || contact.trust === "changed-after-verified";
  const [seen, setSeen] = useState<ScanResult>();
  const judge = (as: boolean): void => task.run(() => contact.setVerified(as));
  return (
    <section class="verification" aria-labelledby="safety-number">
      <h3 id="safety-number">Safety number</h3>
      {changed && <Alarm contact={contact} blocked={contact.trust === "changed-after-verified"} />}
      {verified && seen !== "mismatch" && (
        <Notice tone="good" icon="shield" title="Verified" text={`You know that this is ${contact.name} and nobody in between.`} />
      )}
      {!changed && !verified && (
        <p>Together, or on a call? Read the groups to each other. If both of you see the same, nobody is in between.</p>
      )}
      <ProblemNotice problem={problem} />
      {number !== undefined && <SafetyNumberView number={number} />}
      {number !== undefined && !changed && <Codes contact={contact} number={number} seen={seen} onSeen={setSeen} />}
      <ProblemNotice problem={task.problem} />
      {verified && (
        <button type="button" class="button quiet" disabled={task.busy} onClick={() => judge(false)}>
          Take “verified” back
        </button>
      )}
      {!verified && !changed && seen !== "mismatch" && (
        <button type="button" class="button primary" disabled={task.busy || number === undefined} onClick={() => judge(true)}>
          <Icon name="check" />
          I compared it: they match
        </button>
      )}
    </section>
  );
}

/** My code for their camera, or my camera for theirs; `seen`: what came of that. */
function Codes(props: {
  contact: Contact;
  number: SafetyNumber;
  seen: ScanResult | undefined;
  onSeen: (result: ScanResult | undefined) => void;
}): JSX.Element {
  const { contact, number, seen, onSeen } = props;
  const [way, setWay] = useState<"show" | "scan">();
  const task = useTask();
  const read = (text: string): void =>
    task.run(async () => {
      onSeen(await contact.verifyScan(text));
      setWay(undefined);
    });
  const toggle = (to: "show" | "scan"): void => {
    onSeen(undefined);
    setWay(way === to ? undefined : to);
  };
  return (
    <>
      <div class="field-line">
        <button type="button" class="button" aria-expanded={way === "show"} onClick={() => toggle("show")}>
          My code
        </button>
        <button type="button" class="button" aria-expanded={way === "scan"} onClick={() => toggle("scan")}>
          <Icon name="camera" />
          Scan theirs
        </button>
      </div>
      {way === "show" && (
        <div class="pairing-code">
          <QrView qr={number.qr} label={`Safety number with ${contact.name}, for their camera`} />
        </div>
      )}
      {way === "scan" && (
        <CodeReader what="the code on their screen" fieldLabel="Their code as text" action="Compare" busy={task.busy} onText={read}>
          <ProblemNotice problem={task.problem} />
        </CodeReader>
      )}
      {seen !== undefined && seen !== "match" && <Notice tone="bad" icon="warning" role="alert" {...SCANNED[seen]} />}
    </>
  );
}
