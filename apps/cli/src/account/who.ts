// Whom a person means: `alice`, `sotto1…`, `@handle`, `notes`. Takes a word; gives a contact or a conversation, or an error that lists
// whom it could be. Names are what others chose: they are compared as they are shown.
import type { Client, Contact, ContactRequest, Conversation } from "@sotto/client";
import { CommandError } from "../output/command-error.ts";
import { harmlessLine } from "../output/hostile-text.ts";

/** The word for the note to self. */
export const NOTES = "notes";

/** A contact by name or id, or by the beginning of one if that is clear. `contact/not-found`, `contact/ambiguous`. */
export function contactOf(client: Client, who: string): Contact {
  return choose("contact", client.contacts.list.get(), who, (contact) => [contact.name, contact.id]);
}

/** A request by the name or id of who asks. */
export function requestOf(client: Client, who: string): ContactRequest {
  return choose("request", client.contacts.requests.get(), who, (request) => [request.from.name, request.id]);
}

/** An existing conversation: a contact's, or the note to self. */
export async function conversationOf(client: Client, who: string): Promise<Conversation> {
  return who === NOTES ? client.conversations.notes() : contactOf(client, who).conversation();
}

/** Whether the word is an address to look up in the relay's directory, and nobody's I know. */
export function isUnknownAddress(client: Client, who: string): boolean {
  return who.startsWith("@") || (who.startsWith("sotto1") && !client.contacts.list.get().some((contact) => contact.id.startsWith(who)));
}

function choose<T>(kind: string, candidates: readonly T[], who: string, keysOf: (one: T) => readonly [name: string, id: string]): T {
  const wanted = harmlessLine(who).toLowerCase();
  const keys = (one: T): string[] => keysOf(one).map((key) => harmlessLine(key).toLowerCase());
  const exact = candidates.filter((one) => keys(one).includes(wanted));
  const found = exact.length > 0 ? exact : candidates.filter((one) => keys(one).some((key) => key.startsWith(wanted)));
  const [first, second] = found;
  if (first === undefined) {
    throw new CommandError(
      "contact/not-found",
      `there is no ${kind} ${JSON.stringify(harmlessLine(who))} (see: sotto ${kind === "request" ? "requests" : "chats"})`,
    );
  }
  if (second !== undefined) {
    const list = found.map((one) => `${harmlessLine(keysOf(one)[0])} (${keysOf(one)[1]})`).join(", ");
    throw new CommandError("contact/ambiguous", `${JSON.stringify(harmlessLine(who))} could be: ${list}. Give the id.`);
  }
  return first;
}
