// This device becomes one of an account that is on another device (QR login, the new device's side). Three ways to begin: the camera
// reads the other device's code, this device shows one, or the code travels as text. Then six digits, and the account comes over.

import type { JoinSession } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { CodeReader } from "../camera/code-reader.tsx";
import { hasCamera } from "../camera/scanner.tsx";
import { Icon } from "../parts/icon.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { PlainPage } from "../parts/plain-page.tsx";
import { JoinProgress } from "../pairing/join-progress.tsx";
import { clientOptions, enter } from "../state/account.ts";
import { isMessengerError, loadClient } from "../state/messenger.ts";

type Way = "scan" | "show";

/** Links this device. */
export function Join(): JSX.Element {
  const [way, setWay] = useState<Way>();
  const [session, setSession] = useState<JoinSession>();
  const [problem, setProblem] = useState<unknown>();
  const [round, setRound] = useState(0);

  // One pairing per round: made when a way was chosen, cancelled when the page is left or a new round begins.
  useEffect(() => {
    if (way === undefined) return;
    const stop = new AbortController();
    let mine: JoinSession | undefined;
    setSession(undefined);
    setProblem(undefined);
    const join = async (): Promise<void> => {
      try {
        const { joinAsDevice } = await loadClient();
        mine = await joinAsDevice({ ...clientOptions(), signal: stop.signal });
        if (stop.signal.aborted) return mine.cancel();
        setSession(mine);
        const client = await mine.client;
        mine = undefined;
        enter(client);
      } catch (error) {
        if (!stop.signal.aborted) setProblem(error);
      }
    };
    void join();
    return () => {
      stop.abort();
      mine?.cancel();
    };
  }, [way, round]);

  const again = (): void => setRound(round + 1);
  return (
    <PlainPage title="Link this device">
      {way === undefined ? (
        <Ways onChoose={setWay} />
      ) : problem !== undefined ? (
        <>
          <ProblemNotice problem={problem} />
          <div class="button-row">
            <button type="button" class="button primary" onClick={again}>
              Start again
            </button>
            <button type="button" class="button" onClick={() => setWay(undefined)}>
              Another way
            </button>
          </div>
        </>
      ) : session === undefined ? (
        <p role="status">Preparing…</p>
      ) : (
        <JoinProgress key={round} session={session} way={way} reader={(busy) => <Reader session={session} busy={busy} />} />
      )}
      {way !== undefined && problem === undefined && (
        <button type="button" class="button link" onClick={() => setWay(undefined)}>
          Another way
        </button>
      )}
    </PlainPage>
  );
}

function Ways({ onChoose }: { onChoose: (way: Way) => void }): JSX.Element {
  const [camera, setCamera] = useState<boolean>();
  useEffect(() => void hasCamera().then(setCamera), []);
  const scan = (
    <button type="button" class="choice" onClick={() => onChoose("scan")}>
      <Icon name="scan" />
      <span>
        <strong>Scan the code on your other device</strong>
        <small>On the other device: Settings, Devices, Link a device</small>
      </span>
    </button>
  );
  const show = (
    <button type="button" class="choice" onClick={() => onChoose("show")}>
      <Icon name="devices" />
      <span>
        <strong>Show a code here</strong>
        <small>The other device reads it with its camera, or as text</small>
      </span>
    </button>
  );
  return (
    <>
      <p>Have the device at hand that has your account. Nothing leaves it before you type six digits there.</p>
      {/* The safer way first, where there is a camera; nothing before that is known, so that no choice moves under a finger. */}
      {camera !== undefined && <div class="choices">{camera ? [scan, show] : [show, scan]}</div>}
    </>
  );
}

function Reader({ session, busy }: { session: JoinSession; busy: boolean }): JSX.Element {
  const [problem, setProblem] = useState<unknown>();
  const [look, setLook] = useState(0);
  const typedBefore = useRef(false);
  return (
    <CodeReader
      key={look}
      what="the code on your other device"
      fieldLabel="The code of your other device, as text"
      action="Continue"
      busy={busy}
      startWithText={typedBefore.current}
      onText={(text, typed) => {
        typedBefore.current = typed;
        session.scan(text, { typed }).catch((error: unknown) => {
          // A wrong picture is no end: look again. Everything else ends the session, and its client promise says so.
          if (isMessengerError(error, "device/qr-invalid")) {
            setProblem(error);
            setLook(look + 1);
          }
        });
      }}
    >
      <ProblemNotice problem={problem} />
    </CodeReader>
  );
}
