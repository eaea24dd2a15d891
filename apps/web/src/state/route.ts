// Where the person is, as the address bar's fragment says it: takes and gives text like `#/c/<conversation>`.
// Every sheet is a place, so that the back button and Escape mean the same thing. Not its concern: what a place shows.

import { signal } from "@preact/signals";

export type AddTab = "invite" | "accept" | "find" | "address";
export type SettingsPage = "main" | "words" | "backup" | "devices" | "renew" | "relays" | "link" | "erase" | "help";

/** A place in the app. */
export type Route =
  | { at: "chats" }
  | { at: "chat"; id: string; about?: true }
  | { at: "add"; tab: AddTab }
  | { at: "requests" }
  | { at: "archive" }
  | { at: "settings"; page: SettingsPage }
  | { at: "join" }
  | { at: "restore" }
  /** Somebody's invite link was opened; `text` is the whole link. */
  | { at: "invited"; text: string }
  /** Somebody's public address was opened: an id or an @handle. */
  | { at: "address"; who: string };

const ADD_TABS: readonly string[] = ["invite", "accept", "find", "address"] satisfies AddTab[];
const SETTINGS_PAGES: readonly string[] = [
  "main",
  "words",
  "backup",
  "devices",
  "renew",
  "relays",
  "link",
  "erase",
  "help",
] satisfies SettingsPage[];

/** Reads the fragment of a link of this app; anything unknown leads to the chat list. */
export function parseRoute(href: string): Route {
  const hash = href.indexOf("#");
  const [, place = "", first = "", second = ""] = hash < 0 ? [] : href.slice(hash + 1).split("/");
  switch (place) {
    case "c": {
      const id = decode(first);
      if (id === "") return { at: "chats" };
      return second === "about" ? { at: "chat", id, about: true } : { at: "chat", id };
    }
    case "add":
      return { at: "add", tab: ADD_TABS.includes(first) ? (first as AddTab) : "invite" };
    case "settings":
      return { at: "settings", page: SETTINGS_PAGES.includes(first) ? (first as SettingsPage) : "main" };
    case "requests":
    case "archive":
    case "join":
    case "restore":
      return { at: place };
    case "i":
      return first === "" ? { at: "chats" } : { at: "invited", text: href };
    case "a": {
      const who = decode(first);
      return who === "" ? { at: "chats" } : { at: "address", who };
    }
    default:
      return { at: "chats" };
  }
}

/** The fragment that leads to a place, beginning with `#/`. */
export function formatRoute(route: Route): string {
  switch (route.at) {
    case "chats":
      return "#/";
    case "chat":
      return `#/c/${encodeURIComponent(route.id)}${route.about === true ? "/about" : ""}`;
    case "add":
      return `#/add/${route.tab}`;
    case "settings":
      return route.page === "main" ? "#/settings" : `#/settings/${route.page}`;
    case "invited":
      return route.text.slice(route.text.indexOf("#"));
    case "address":
      return `#/a/${encodeURIComponent(route.who)}`;
    default:
      return `#/${route.at}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** The place shown now. */
export const route = signal<Route>({ at: "chats" });

/** How many places of this app lie behind this one in the tab's history. */
let depth = 0;

/** Follows the address bar from now on. An invite's secret is taken out of the bar and of the history at once. */
export function followAddressBar(): void {
  const read = (): void => {
    route.value = parseRoute(location.href);
    if (route.value.at === "invited") history.replaceState(history.state, "", "#/");
  };
  // A changed fragment fires popstate too; hashchange would come after it and read the bar that was just cleaned.
  window.addEventListener("popstate", (event) => {
    depth = typeof event.state === "number" ? event.state : 0;
    read();
  });
  if (typeof history.state === "number") depth = history.state;
  read();
}

/** Goes to a place; `replace` leaves no way back to the present one. */
export function go(to: Route, options: { replace?: boolean } = {}): void {
  if (options.replace === true) history.replaceState(depth, "", formatRoute(to));
  else history.pushState(++depth, "", formatRoute(to));
  route.value = to;
}

/** One step back, or to `otherwise` when this place was opened directly. */
export function back(otherwise: Route = { at: "chats" }): void {
  if (depth > 0) history.back();
  else go(otherwise, { replace: true });
}
