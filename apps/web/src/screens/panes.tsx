// The open app: the list, the chat, the details, side by side as far as there is room (panes.css), and the sheet of the present place.
// Also the keys that work everywhere. Not its concern: what is in the panes.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Chat } from "../chat/chat.tsx";
import { later } from "../parts/later.tsx";
import { Wordmark } from "../parts/wordmark.tsx";
import { back, go, type Route, route } from "../state/route.ts";
import { ChatList } from "./chat-list.tsx";
import { openChat } from "./open-chat.ts";

const AddSheet = later(async () => (await import("../add/add-sheet.tsx")).AddSheet);
const AddressSheet = later(async () => (await import("../add/address-sheet.tsx")).AddressSheet);
const InvitedSheet = later(async () => (await import("../add/invited-sheet.tsx")).InvitedSheet);
const ArchiveSheet = later(async () => (await import("../listing/archive-sheet.tsx")).ArchiveSheet);
const RequestsSheet = later(async () => (await import("./requests-sheet.tsx")).RequestsSheet);
const SettingsSheet = later(async () => (await import("../settings/settings-sheet.tsx")).SettingsSheet);

/** Going back through the history takes the browser a moment, in ms; on a phone the list is not there to be focused before. */
const FOCUS_AFTER_MS = 50;

/** The app with an account. */
export function Panes({ client }: { client: Client }): JSX.Element {
  useEffect(() => listenForKeys(), []);
  const place = route.value;
  const chat = openChat(place);
  return (
    <main class="panes" data-place={chat === undefined ? "list" : "chat"}>
      <ChatList client={client} current={chat?.id} />
      <div class="pane-main">
        {chat === undefined ? <NoChat /> : <Chat key={chat.id} client={client} id={chat.id} about={chat.about === true} />}
      </div>
      <PlaceSheet client={client} place={place} />
    </main>
  );
}

function NoChat(): JSX.Element {
  return (
    <div class="no-chat">
      <Wordmark />
      <p class="hint">Choose a chat, or press ? for the shortcuts.</p>
    </div>
  );
}

function PlaceSheet({ client, place }: { client: Client; place: Route }): JSX.Element | null {
  const close = (): void => back();
  switch (place.at) {
    case "add":
      return <AddSheet client={client} tab={place.tab} onClose={close} />;
    case "requests":
      return <RequestsSheet client={client} onClose={close} />;
    case "archive":
      return <ArchiveSheet client={client} onClose={close} />;
    case "settings":
      return <SettingsSheet client={client} page={place.page} onClose={close} />;
    case "invited":
      return <InvitedSheet key={place.text} client={client} text={place.text} onClose={() => go({ at: "chats" }, { replace: true })} />;
    case "address":
      return <AddressSheet key={place.who} client={client} who={place.who} onClose={close} />;
    default:
      return null;
  }
}

function listenForKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const sheetOpen = document.querySelector("dialog[open]") !== null;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "k" && !sheetOpen) {
      event.preventDefault();
      focusFilter();
      return;
    }
    if (command || event.altKey || sheetOpen) return;
    if (event.key === "Escape" && route.value.at === "chat") return leaveChat();
    if (isTyping(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      focusFilter();
    } else if (event.key === "?") {
      event.preventDefault();
      go({ at: "settings", page: "help" });
    }
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}

function focusFilter(): void {
  const field = document.querySelector<HTMLInputElement>("#chat-filter");
  field?.focus();
  if (field === null || document.activeElement === field || route.value.at !== "chat") return;
  // On a phone the list is another place than the chat.
  go({ at: "chats" });
  requestAnimationFrame(() => field.focus());
}

/** Back to the list, with the focus on the chat that was open; what was being written is kept. */
function leaveChat(): void {
  const row = document.querySelector<HTMLElement>(".chat-row[aria-current]");
  back();
  setTimeout(() => row?.focus(), FOCUS_AFTER_MS);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
