// Meeting people: invite someone, accept an invite, find somebody, my own address. Four tabs of one sheet.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Sheet } from "../parts/sheet.tsx";
import { type AddTab, go } from "../state/route.ts";
import { AcceptTab } from "./accept-tab.tsx";
import { AddressTab } from "./address-tab.tsx";
import { FindTab } from "./find-tab.tsx";
import { InviteTab } from "./invite-tab.tsx";

const TABS: readonly (readonly [AddTab, string])[] = [
  ["invite", "Invite"],
  ["accept", "Accept"],
  ["find", "Find"],
  ["address", "My address"],
];

/** The sheet with this tab open. */
export function AddSheet({ client, tab, onClose }: { client: Client; tab: AddTab; onClose: () => void }): JSX.Element {
  const tabs = useRef<HTMLDivElement>(null);
  const choose = (to: AddTab): void => go({ at: "add", tab: to }, { replace: true });
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const rtl = getComputedStyle(event.currentTarget as Element).direction === "rtl" ? -1 : 1;
    const index = TABS.findIndex(([name]) => name === tab);
    const next = TABS[(index + step * rtl + TABS.length) % TABS.length]?.[0];
    if (next === undefined) return;
    choose(next);
    tabs.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <Sheet title="Add someone" onClose={onClose}>
      <div ref={tabs} class="tabs" role="tablist" aria-label="How" onKeyDown={onKey}>
        {TABS.map(([name, label]) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === tab}
            aria-controls="add-panel"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => choose(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div id="add-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} class="tab-panel">
        <Panel client={client} tab={tab} />
      </div>
    </Sheet>
  );
}

function Panel({ client, tab }: { client: Client; tab: AddTab }): JSX.Element {
  switch (tab) {
    case "invite":
      return <InviteTab client={client} />;
    case "accept":
      return <AcceptTab client={client} />;
    case "find":
      return <FindTab client={client} />;
    case "address":
      return <AddressTab client={client} />;
  }
}
