// Linking a new device, on the device that has the account (QR login, the old device's side): show a code, read one with the camera,
// or paste it; then type the six digits that the new device shows.

import type { Client, LinkOffer, LinkRequest } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CodeReader } from "../camera/code-reader.tsx";
import { LinkApproval } from "../pairing/link-approval.tsx";
import { CopyField } from "../parts/copy-field.tsx";
import { Countdown } from "../parts/countdown.tsx";
import { Icon } from "../parts/icon.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { QrView } from "../parts/qr-view.tsx";
import { isMessengerError } from "../state/messenger.ts";
import { back } from "../state/route.ts";

type Step =
  | { at: "choose" }
  | { at: "offering" }
  | { at: "offered"; offer: LinkOffer }
  | { at: "reading"; problem?: unknown; look: number }
  | { at: "found" }
  | { at: "asked"; request: LinkRequest }
  | { at: "failed"; problem: unknown }
  | { at: "done"; name: string };

/** The page that links a device. */
export function LinkPage({ client }: { client: Client }): JSX.Element {
  const [step, setStep] = useState<Step>({ at: "choose" });
  const [ended] = useState(() => new AbortController());
  useEffect(() => () => ended.abort(), [ended]);

  const fail = (problem: unknown): void => {
    if (!ended.signal.aborted) setStep({ at: "failed", problem });
  };

  const offer = (): void => {
    setStep({ at: "offering" });
    client.devices
      .offer({ signal: ended.signal })
      .then((made) => {
        ended.signal.addEventListener("abort", () => made.cancel(), { once: true });
        setStep({ at: "offered", offer: made });
        return made.request.then((request) => setStep({ at: "asked", request }));
      })
      .catch(fail);
  };

  const scan = (text: string, look: number): void => {
    setStep({ at: "found" });
    client.devices.scan(text, { signal: ended.signal }).then(
      (request) => setStep({ at: "asked", request }),
      (problem: unknown) => {
        // A wrong picture is no end: look again, with the reason in sight.
        if (isMessengerError(problem, "device/qr-invalid")) setStep({ at: "reading", problem, look: look + 1 });
        else fail(problem);
      },
    );
  };

  switch (step.at) {
    case "choose":
      return <Choose onOffer={offer} onRead={() => setStep({ at: "reading", look: 0 })} />;
    case "offering":
      return <p role="status">Preparing a code…</p>;
    case "offered":
      return (
        <div class="pairing-code">
          <p>
            On the new device, open Sotto and choose <b>I have another device</b>. Then let it scan this.
          </p>
          <QrView qr={step.offer.qr} label="Code to link a device: scan it with the new device" />
          <Countdown until={step.offer.expires} />
          <details>
            <summary>No camera there?</summary>
            <CopyField label="The code as text" text={step.offer.qr.text} />
          </details>
        </div>
      );
    case "reading":
      return (
        <CodeReader
          key={step.look}
          what="the code on the new device"
          fieldLabel="The code of the new device, as text"
          action="Continue"
          onText={(text) => scan(text, step.look)}
        >
          <ProblemNotice problem={step.problem} />
        </CodeReader>
      );
    case "found":
      return <p role="status">The devices have found each other. One moment…</p>;
    case "asked":
      return (
        <LinkApproval
          request={step.request}
          onDone={(name) => setStep({ at: "done", name })}
          onFailed={fail}
          onDenied={() => setStep({ at: "choose" })}
        />
      );
    case "failed":
      return (
        <>
          <ProblemNotice problem={step.problem} />
          <button type="button" class="button primary" onClick={() => setStep({ at: "choose" })}>
            Start again
          </button>
        </>
      );
    case "done":
      return (
        <div class="who-card">
          <span class="avatar tint-notes" aria-hidden="true">
            <Icon name="check" />
          </span>
          <p class="who-name" role="status">
            <bdi>{step.name}</bdi> is linked
          </p>
          <p class="hint">It has your contacts and newest messages; the older ones follow.</p>
          <button type="button" class="button primary" onClick={() => back()}>
            Done
          </button>
        </div>
      );
  }
}

function Choose({ onOffer, onRead }: { onOffer: () => void; onRead: () => void }): JSX.Element {
  return (
    <>
      <p>
        On the new device, open Sotto and choose <b>I have another device</b>.
      </p>
      <div class="choices">
        <button type="button" class="choice" onClick={onOffer}>
          <Icon name="devices" />
          <span>
            <strong>Show a code here</strong>
            <small>The new device scans it. The safest way.</small>
          </span>
        </button>
        <button type="button" class="choice" onClick={onRead}>
          <Icon name="scan" />
          <span>
            <strong>Scan the code of the new device</strong>
            <small>With the camera here, or pasted as text.</small>
          </span>
        </button>
      </div>
    </>
  );
}
