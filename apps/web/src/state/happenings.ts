// What happens while the app is open and is not part of any one screen: words for people who listen instead of look, errors that no
// call of ours caused, the number in the tab's title. Takes the client's events, gives signals.

import { signal } from "@preact/signals";
import type { Client, Conversation, ErrorCode } from "@sotto/client";
import { isMessengerError } from "./messenger.ts";
import { isAbort, isUnexpected } from "./problem.ts";
import { questionTitle } from "./questions.ts";
import { route } from "./route.ts";

/** The last thing to be read aloud; a new object for each, so that the same words twice are read twice. */
export const announcement = signal<{ text: string }>({ text: "" });

/** Errors that came by themselves, newest last, each code once. */
export const troubles = signal<readonly unknown[]>([]);

/** An error nobody foresaw: shown on a sheet of its own. */
export const crash = signal<unknown>(undefined);

/** Codes that the connection already tells, or that a message or a question tells in its place. */
const TOLD_ELSEWHERE: readonly ErrorCode[] = [
  "relay/unreachable",
  "relay/rate-limited",
  "send/failed",
  "message/unreadable",
  "session/peer-or-clone",
  "device/removed",
  "aborted",
  "closed",
];
const AT_ONCE = 3;

/** Says something to a screen reader. */
export function announce(text: string): void {
  announcement.value = { text };
}

/** Tells of an error that has no place of its own on the screen. */
export function addTrouble(problem: unknown): void {
  if (isUnexpected(problem)) crash.value = problem;
  else troubles.value = [...troubles.value.filter((known) => !isSameTrouble(known, problem)), problem].slice(-AT_ONCE);
}

/** Puts away one of the troubles. */
export function dismissTrouble(trouble: unknown): void {
  troubles.value = troubles.value.filter((each) => each !== trouble);
}

/** Listens to a client for as long as it is open. */
export function followClient(client: Client): void {
  client.on("message", (message) => {
    if (message.mine) return;
    const open = route.value.at === "chat" && route.value.id === message.conversation.id;
    if (message.conversation.state.get().muted && !open) return;
    announce(open ? `${message.sender.name}: ${message.text}` : `New message from ${message.sender.name}`);
  });
  client.on("request", ({ from }) => announce(`${from.name} asks to talk to you`));
  client.on("question", (question) => announce(questionTitle(question)));
  client.on("error", (error) => {
    if (isUnexpected(error) || !TOLD_ELSEWHERE.includes(error.code)) addTrouble(error);
  });
  client.conversations.list.subscribe((list) => titleFrom(unreadIn(list)));
  client.on("conversation", () => titleFrom(unreadIn(client.conversations.list.get())));
}

/** Catches what nobody else caught, from now on. */
export function catchCrashes(): void {
  window.addEventListener("error", (event) => {
    // A ResizeObserver that has to wait for the next frame says so with an error event; nothing is wrong.
    if (event.error !== undefined && event.error !== null) crash.value = event.error;
  });
  window.addEventListener("unhandledrejection", (event) => {
    if (isUnexpected(event.reason) && !isAbort(event.reason)) crash.value = event.reason;
  });
}

/** How many messages wait to be read; of a muted chat nothing is said. */
function unreadIn(list: readonly Conversation[]): number {
  return list.reduce((sum, { state }) => sum + (state.get().muted ? 0 : state.get().unread), 0);
}

function isSameTrouble(a: unknown, b: unknown): boolean {
  return isMessengerError(b) && isMessengerError(a, b.code);
}

function titleFrom(unread: number): void {
  document.title = unread > 0 ? `(${unread}) Sotto` : "Sotto";
}
