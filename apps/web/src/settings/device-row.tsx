// One device of the account in the list: its name, which can be changed, and the way to take it off. Takes the device. Not its concern: what
// removing does.

import type { Client, Device } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { NameField } from "../parts/name-field.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { lookAt } from "../phrase/entry.ts";
import { WordsField } from "../phrase/words-field.tsx";
import { useTask } from "../state/live.ts";
import { fullOf } from "../state/times.ts";

/** A device; `needsWords`: this device does not hold the 24 words, so that removing another one asks for them. */
export function DeviceRow({ client, device, needsWords }: { client: Client; device: Device; needsWords: boolean }): JSX.Element {
  return (
    <li>
      <details class="device">
        <summary>
          <Icon name="devices" />
          <span>
            <strong>
              <bdi>{device.name}</bdi>
            </strong>
            <small>{device.current ? "This device" : `Since ${fullOf(device.added)}`}</small>
          </span>
          <Icon name="next" />
        </summary>
        <div class="device-more">
          <NameField
            key={device.name}
            label="Name of the device"
            name={device.name}
            save={(name) => client.devices.rename(device.id, name)}
          />
          {!device.current && <Removal client={client} device={device} needsWords={needsWords} />}
        </div>
      </details>
    </li>
  );
}

/** Asked twice: it cannot be taken back, the device would have to be linked again. */
function Removal({ client, device, needsWords }: { client: Client; device: Device; needsWords: boolean }): JSX.Element {
  const [sure, setSure] = useState(false);
  const [words, setWords] = useState("");
  const task = useTask();
  const remove = (): void => task.run((signal) => client.devices.revoke(device.id, needsWords ? { phrase: words, signal } : { signal }));
  if (!sure) {
    return (
      <button type="button" class="button quiet" onClick={() => setSure(true)}>
        Lost, or not mine: remove it
      </button>
    );
  }
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        remove();
      }}
    >
      <p>
        <bdi>{device.name}</bdi> will read and write nothing any more. What it has already stays on it. The people you write to see that
        your devices changed.
      </p>
      {needsWords && <WordsField value={words} onInput={setWords} hint="This device does not hold them, and does not keep them." />}
      <ProblemNotice problem={task.problem} />
      <div class="field-line">
        <button
          type="submit"
          class="button danger"
          disabled={task.busy || (needsWords && !lookAt(words, false).complete)}
          aria-busy={task.busy}
        >
          Remove it
        </button>
        <button type="button" class="button quiet" onClick={() => setSure(false)}>
          Keep it
        </button>
      </div>
    </form>
  );
}
