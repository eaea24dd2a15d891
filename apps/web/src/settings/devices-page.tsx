// The devices of this account, and the way to link another one.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { Icon } from "../parts/icon.tsx";
import { useLive } from "../state/live.ts";
import { go } from "../state/route.ts";
import { DeviceRow } from "./device-row.tsx";

/** The list of devices. */
export function DevicesPage({ client }: { client: Client }): JSX.Element {
  const devices = useLive(client.devices.list);
  const recovery = useLive(client.recovery.status);
  const history = useLive(client.devices.history);
  return (
    <>
      <ul class="devices" aria-label="Your devices">
        {devices
          .toSorted((a, b) => Number(b.current) - Number(a.current))
          .map((device) => (
            <DeviceRow key={device.id} client={client} device={device} needsWords={recovery === "linked"} />
          ))}
      </ul>
      {recovery === "linked" ? (
        <p class="hint">More devices are linked from the device that holds your 24 words.</p>
      ) : (
        <button type="button" class="button primary" onClick={() => go({ at: "settings", page: "link" }, { replace: true })}>
          <Icon name="add" />
          Link a device
        </button>
      )}
      {history.done < history.total && (
        <p class="hint" role="status">
          Older messages are still coming: {history.done.toLocaleString()} of {history.total.toLocaleString()} are here.
        </p>
      )}
      <p class="hint">Each device can read and write as you. If you see one that is not yours, remove it.</p>
      <button type="button" class="button link" onClick={() => go({ at: "settings", page: "renew" }, { replace: true })}>
        This device may be compromised
      </button>
    </>
  );
}
