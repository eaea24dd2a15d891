// A new device asks to be linked: its name, the six digits it shows typed here, and what it gets. "Transfer" also hands over the
// 24 words and asks a second time, naming the device.

import type { LinkMode, LinkRequest } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Countdown } from "../parts/countdown.tsx";
import { DigitsField, DigitsShown } from "../parts/digits.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { useLive } from "../state/live.ts";

interface LinkApprovalProps {
  request: LinkRequest;
  onDone: (deviceName: string) => void;
  onFailed: (problem: unknown) => void;
  onDenied: () => void;
}

/** The question that only the person can answer. */
export function LinkApproval({ request, onDone, onFailed, onDenied }: LinkApprovalProps): JSX.Element {
  const [code, setCode] = useState("");
  const [mode, setMode] = useState<LinkMode>("link");
  const [step, setStep] = useState<"asking" | "sure" | "sending">("asking");
  const replyCode = useLive(request.replyCode);
  const ready = code.length === 6;

  const approve = (): void => {
    setStep("sending");
    request.approve({ code, mode }).then(({ name }) => onDone(name), onFailed);
  };
  const deny = (): void => {
    request.deny();
    onDenied();
  };

  if (step === "sending") {
    return (
      <div class="pairing-code">
        {replyCode === undefined ? (
          <p role="status">Checking the digits…</p>
        ) : (
          <>
            <p>
              Linking <bdi>{request.deviceName}</bdi>. If it asks for six digits, type these there.
            </p>
            <DigitsShown digits={replyCode} label="Six digits" />
          </>
        )}
        <Countdown until={request.expires} />
      </div>
    );
  }

  if (step === "sure") {
    return (
      <>
        <Notice
          tone="bad"
          icon="warning"
          title={`Hand your 24 words to “${request.deviceName}”?`}
          text="It can then do everything this device can, also link others, and it cannot be undone. Only do this for a device that is yours."
        />
        <div class="button-row">
          <button type="button" class="button danger" onClick={approve}>
            Hand them over
          </button>
          <button type="button" class="button" onClick={() => setStep("asking")}>
            Back
          </button>
        </div>
      </>
    );
  }

  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        if (mode === "transfer") setStep("sure");
        else approve();
      }}
    >
      <p class="link-device">
        <Icon name="devices" />
        <span>
          <strong>
            <bdi>{request.deviceName}</bdi>
          </strong>
          <small>asks to become your device</small>
        </span>
        <Countdown until={request.expires} />
      </p>
      <DigitsField label="Six digits that it shows" value={code} onInput={setCode} />
      <fieldset class="modes">
        <legend class="field-label">It gets</legend>
        <label class="mode">
          <input type="radio" name="mode" value="link" checked={mode === "link"} onChange={() => setMode("link")} />
          <span>
            <strong>Link</strong>
            <small>Your contacts and messages. It reads and writes as you.</small>
          </span>
        </label>
        <label class="mode">
          <input type="radio" name="mode" value="transfer" checked={mode === "transfer"} onChange={() => setMode("transfer")} />
          <span>
            <strong>Transfer</strong>
            <small>The same, and your 24 words: for moving to a new main device.</small>
          </span>
        </label>
      </fieldset>
      <div class="button-row">
        <button type="submit" class="button primary" disabled={!ready}>
          {mode === "transfer" ? "Continue" : "Link it"}
        </button>
        <button type="button" class="button" onClick={deny}>
          It is not mine
        </button>
      </div>
    </form>
  );
}
