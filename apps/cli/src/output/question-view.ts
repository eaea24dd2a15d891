// What waits for a person's decision after something went wrong, for people and for programs. Takes a question; gives its lines (harmless) or
// its value. What is decided is the commands' concern (commands/repair.ts).
import type { RecoveryQuestion } from "@sotto/client";
import { NOTES } from "../account/who.ts";
import { harmlessLine } from "./hostile-text.ts";
import { localTime } from "./message-view.ts";

/** A question as JSON; `contact` is null where it is about one's own devices. */
export function questionValue(question: RecoveryQuestion): object {
  const { kind, contact, since } = question;
  const who = contact === undefined ? null : { id: contact.id, name: contact.name };
  return { kind, contact: who, since: since.toISOString(), ...(question.kind === "clone" ? { sign: question.sign } : {}) };
}

/** A question in words, with the commands that answer it. */
export function questionLines(question: RecoveryQuestion): readonly string[] {
  const since = localTime(question.since);
  if (question.kind === "resend") {
    const name = harmlessLine(question.contact.name);
    const who = JSON.stringify(name);
    return [
      `A device of ${name} may have missed what you wrote in the last two days (${since}).`,
      "It can be sent to it again. If you wonder whether that device is theirs, ask them first, and not here.",
      `  sotto recovery resend ${who}        send it again`,
      `  sotto recovery resend ${who} --no   do not`,
    ];
  }
  const whom = question.contact === undefined ? "your other devices" : harmlessLine(question.contact.name);
  const who = question.contact === undefined ? NOTES : JSON.stringify(whom);
  return [
    `Sending to ${whom} has stopped (${since}): something speaks to ${whom} as if it were this device.`,
    "If you copied this device, or put it back to an earlier state, go on. If not, somebody may have a copy of it. What you write waits until then.",
    `  sotto recovery proceed ${who}   it was me`,
    "  sotto recovery renew   it was not me: renew this device",
  ];
}
