// What stands above the list for a while: that this device was removed, a question that waits in a chat, errors that came by themselves, a device that was added, the
// reminder to keep the 24 words. The first of them that is due, never two, never a wall. All but the first two can be put away.

import type { Client, Device, RecoveryQuestion } from "@sotto/client";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "../parts/icon.tsx";
import { dismissTrouble, troubles } from "../state/happenings.ts";
import { useLive } from "../state/live.ts";
import { isRemoved } from "./connection-line.tsx";
import { readPreferences, remember, remindsOfWords } from "../state/preferences.ts";
import { problemOf } from "../state/problem.ts";
import { openQuestion, questionTitle } from "../state/questions.ts";
import { go } from "../state/route.ts";
import { fullOf } from "../state/times.ts";

/** How long a new device is told of, in ms. */
const NEW_DEVICE_MS = 7 * 24 * 3_600_000;

/** The banner that is due now, if any. */
export function DueBanner({ client }: { client: Client }): JSX.Element | null {
  const devices = useLive(client.devices.list);
  const recovery = useLive(client.recovery.status);
  // A message that was sent changes the list, and may be the tenth.
  useLive(client.conversations.list);
  const [preferences, setPreferences] = useState(readPreferences);
  const [question] = useLive(client.recovery.questions);
  if (isRemoved(useLive(client.connection))) return <RemovedBanner />;
  if (question !== undefined) return <QuestionBanner client={client} question={question} />;
  const trouble = troubles.value[0];
  if (trouble !== undefined) {
    const { title, text } = problemOf(trouble);
    return <Banner icon="warning" tone="bad" title={title} text={text} onDismiss={() => dismissTrouble(trouble)} />;
  }
  const device = newDevice(devices, preferences.knownDevices);
  if (device !== undefined) {
    return (
      <Banner
        icon="devices"
        title={`New device: ${device.name}`}
        text={`Since ${fullOf(device.added)}. It can read and write as you.`}
        onDismiss={() => setPreferences(remember({ knownDevices: [...preferences.knownDevices, device.id] }))}
      >
        <button type="button" class="button quiet" onClick={() => go({ at: "settings", page: "devices" })}>
          Not me
        </button>
      </Banner>
    );
  }
  if (!remindsOfWords({ ...preferences, sent: readPreferences().sent }, recovery)) return null;
  return (
    <Banner
      icon="words"
      title="Keep your 24 words"
      text="If all your devices are lost, they bring your account back. Nothing else does."
      onDismiss={() => setPreferences(remember({ wordsLater: true }))}
    >
      <button type="button" class="button quiet" onClick={() => go({ at: "settings", page: "words" })}>
        Show them
      </button>
    </Banner>
  );
}

function RemovedBanner(): JSX.Element {
  return (
    <Banner
      icon="warning"
      tone="bad"
      title="This device was removed"
      text="Another device of yours did that. What is here can still be read; nothing comes or goes any more. Take the account off, and this device can be linked again."
    >
      <button type="button" class="button quiet" onClick={() => go({ at: "settings", page: "erase" })}>
        Take it off
      </button>
    </Banner>
  );
}

function QuestionBanner({ client, question }: { client: Client; question: RecoveryQuestion }): JSX.Element {
  const clone = question.kind === "clone";
  return (
    <Banner
      icon={clone ? "warning" : "devices"}
      {...(clone ? { tone: "bad" } : {})}
      title={questionTitle(question)}
      text={clone ? "What you write waits until you decide." : "One of their devices may not have it. You decide."}
    >
      <button type="button" class="button quiet" onClick={() => void openQuestion(client, question)}>
        {clone ? "Decide" : "Open the chat"}
      </button>
    </Banner>
  );
}

function Banner(props: {
  icon: IconName;
  tone?: "bad";
  title: string;
  text: string;
  onDismiss?: () => void;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <section class={`banner ${props.tone ?? ""}`} aria-label={props.title}>
      <Icon name={props.icon} />
      <div>
        <strong>{props.title}</strong>
        <p>{props.text}</p>
        {props.children}
      </div>
      {props.onDismiss !== undefined && (
        <button type="button" class="icon-button" aria-label={`Put away: ${props.title}`} onClick={props.onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </section>
  );
}

function newDevice(devices: readonly Device[], known: readonly string[]): Device | undefined {
  // Devices that were there before this one are nobody's surprise.
  const own = devices.find(({ current }) => current)?.added.getTime() ?? 0;
  const since = Math.max(Date.now() - NEW_DEVICE_MS, own);
  return devices.find(({ id, current, added }) => !current && added.getTime() > since && !known.includes(id));
}
