// What a person decides after something went wrong: whether what a contact's device missed is sent to it again, whether sending goes on though a
// copy of this device may be at work, and making this device another one.
import type { Client, RecoveryQuestion } from "@sotto/client";
import { contactOf, NOTES } from "../account/who.ts";
import { sync, trySync, withClient } from "../account/with-client.ts";
import { wordsFlags, wordsNotHeld } from "../account/words.ts";
import type { Command } from "../command.ts";
import { CommandError } from "../output/command-error.ts";
import { harmlessLine } from "../output/hostile-text.ts";

export const resend: Command = {
  name: "recovery resend",
  summary: "send again what a contact's device missed",
  details:
    "A device of somebody you verified may have missed what you wrote in the last two days. It is asked only once: a no is for good.",
  operands: [{ name: "who", help: "a contact's name or id" }],
  flags: [{ name: "no", help: "do not send it again" }],

  run: (context) =>
    withClient(context, async (client) => {
      const question = questionAbout(client, context.input.operand("who"), "resend");
      const again = !context.input.has("no");
      await question.decide(again);
      await trySync(client, context);
      context.out.answer({ again }, again ? "It is sent again." : "It is not sent again.");
    }),
};

export const proceed: Command = {
  name: "recovery proceed",
  summary: "send again to a contact though this device may have been copied",
  details: "It was you who copied this device, or put it back to an earlier state: a copy reads nothing that comes from then on.",
  operands: [{ name: "who", help: "a contact's name or id; notes for your other devices" }],

  run: (context) =>
    withClient(context, async (client) => {
      const question = questionAbout(client, context.input.operand("who"), "clone");
      await question.proceed();
      await trySync(client, context);
      context.out.answer({ proceeded: true }, "Sending goes on as soon as the other side has answered.");
    }),
};

export const renew: Command = {
  name: "recovery renew",
  summary: "this device may be compromised: renew it",
  details:
    "A copy of this device gets nothing any more once your contacts have heard of it. Your chats and contacts stay; open invites end. It does\nnot help against a program that spies here, nor if somebody has your 24 words. A device that does not hold them asks for them.",
  flags: wordsFlags,

  run: (context) =>
    withClient(context, async (client) => {
      const phrase = await wordsNotHeld(client, context);
      context.out.note("Reading what is still on its way to this device, then renewing it…");
      await sync(client, context);
      await client.recovery.renewDevice({ ...phrase, signal: context.signal });
      await trySync(client, context);
      const device = client.devices.list.get().find(({ current }) => current);
      context.out.answer({ device: device?.id ?? null }, [
        `This device is renewed, and is number ${device?.id ?? "?"} now. Your contacts learn of it now, or when they are next online.`,
        "Open invites have ended. If you have other devices, look whether all of them are yours: sotto devices",
      ]);
    }),
};

/** The question of this kind about somebody. `recovery/no-question`. */
function questionAbout<K extends RecoveryQuestion["kind"]>(client: Client, who: string, kind: K): Extract<RecoveryQuestion, { kind: K }> {
  const contact = who === NOTES ? undefined : contactOf(client, who);
  const isMeant = (question: RecoveryQuestion): question is Extract<RecoveryQuestion, { kind: K }> =>
    question.kind === kind && question.contact?.id === contact?.id;
  const found = client.recovery.questions.get().find(isMeant);
  if (found !== undefined) return found;
  const about = contact === undefined ? "your other devices" : harmlessLine(contact.name);
  throw new CommandError("recovery/no-question", `nothing about ${about} waits for you to decide (see: sotto recovery)`);
}
