// Which chat lies under the present place: a sheet over a chat leaves the chat where it is.

import { effect, signal } from "@preact/signals";
import { type Route, route } from "../state/route.ts";

type ChatRoute = Extract<Route, { at: "chat" }>;

const last = signal<ChatRoute | undefined>(undefined);

effect(() => {
  const { value } = route;
  if (value.at === "chat") last.value = value;
  else if (value.at === "chats") last.value = undefined;
});

/** The chat to show at `place`; undefined for the list alone. */
export function openChat(place: Route): ChatRoute | undefined {
  return place.at === "chat" ? place : last.value;
}
