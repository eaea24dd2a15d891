// The relays of this account: which it has and whether they answer, adding one, leaving one. What a choice entails is the client's.

import type { AccountRelayState, Client, Connection } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { useLive, useTask } from "../state/live.ts";
import { fullOf } from "../state/times.ts";

/** As many as an account may have. */
const MOST = 4;

/** The page of relays. */
export function RelaysPage({ client }: { client: Client }): JSX.Element {
  const all = useLive(client.relays.list);
  const current = all.filter(({ leaving }) => leaving === undefined);
  const task = useTask();
  const choose = (relays: readonly URL[]): void => task.run((signal) => client.relays.set(relays, { signal }));
  const urls = current.map(({ url }) => url);
  return (
    <>
      <ul class="devices" aria-label="Your relays">
        {all.map((relay) => (
          <li class="relay" key={relay.url.href}>
            <Icon name={relay.connection.state === "online" ? "check" : "warning"} />
            <span>
              <strong>
                <bdi>{relay.url.host}</bdi>
              </strong>
              <small>{noteOf(relay)}</small>
            </span>
            {relay.leaving === undefined && current.length > 1 && (
              <button
                type="button"
                class="button"
                aria-label={`Leave ${relay.url.host}`}
                disabled={task.busy}
                onClick={() => choose(urls.filter(({ href }) => href !== relay.url.href))}
              >
                Leave
              </button>
            )}
          </li>
        ))}
      </ul>
      <ProblemNotice problem={task.problem} />
      {current.length < MOST && <AddRelay count={urls.length} busy={task.busy} add={(url) => choose([...urls, url])} />}
      <p class="hint">With a second relay you go on when the first one is gone: people write to you there, and your devices read both.</p>
    </>
  );
}

function AddRelay({ count, busy, add }: { count: number; busy: boolean; add: (url: URL) => void }): JSX.Element {
  const [text, setText] = useState("");
  // One more in the list empties the field; a refusal leaves what was typed.
  useEffect(() => setText(""), [count]);
  const id = useId();
  const url = URL.parse(text.includes("://") ? text.trim() : `https://${text.trim()}`);
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (url !== null) add(url);
      }}
    >
      <label class="field-label" for={id}>
        Add a relay
      </label>
      <div class="field-line">
        <input
          id={id}
          class="input"
          type="text"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          placeholder="relay.example"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={busy || text.trim() === "" || url === null} aria-busy={busy}>
          Add
        </button>
      </div>
    </form>
  );
}

function noteOf({ home, connection, leaving }: AccountRelayState): string {
  const state = stateOf(connection);
  if (leaving !== undefined) return `Left; still read until ${fullOf(leaving)}`;
  return home ? `${state} · people write here first` : state;
}

function stateOf(connection: Connection): string {
  switch (connection.state) {
    case "online":
      return "Connected";
    case "connecting":
      return "Connecting…";
    case "offline":
      return connection.reason === "no-network" ? "No network" : "Does not answer";
    case "blocked":
      return connection.reason === "rate-limited" ? "Asks for a pause" : "Needs a newer Sotto";
  }
}
