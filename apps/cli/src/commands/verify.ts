// `sotto verify`: the safety number, to be compared with the person.
import type { ScanResult, Trust } from "@sotto/client";
import { trySync, withClient } from "../account/with-client.ts";
import { contactOf } from "../account/who.ts";
import { UsageError } from "../args/parse.ts";
import type { Command } from "../command.ts";
import { CommandError } from "../output/command-error.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { safetyNumberLines } from "../output/safety-number.ts";

/** Why a code that was read verifies nobody. */
const REFUSED: Record<Exclude<ScanResult, "match">, readonly [code: CommandError["code"], message: string]> = {
  mismatch: [
    "safety-number/mismatch",
    "The codes do not match. Make sure that they show the code of their chat with you; if they do, somebody may be in between: do not go on.",
  ],
  "other-contact": ["safety-number/other-code", "This is the code of somebody else. They show theirs for you with: sotto verify --qr"],
  "not-a-safety-code": ["safety-number/other-code", "This is no safety number. They show theirs with: sotto verify --qr"],
};

const TRUST: Record<Trust, string> = {
  unverified: "unverified",
  verified: "verified",
  changed: "restored elsewhere",
  "changed-after-verified": "verified, and restored elsewhere since",
};

/** What to do next; `who`: how to name them to a command. */
const NEXT: Record<Trust, (who: string) => readonly string[]> = {
  unverified: (who) => [`Equal on both sides? Then: sotto verify ${who} --confirmed`],
  verified: () => [],
  changed: (who) => [...RESTORED, `  sotto verify ${who} --undo   it was them`],
  "changed-after-verified": (who) => [
    ...RESTORED,
    "Until then nothing is sent to them.",
    `  sotto verify ${who} --confirmed   it was them`,
    `  sotto verify ${who} --undo        go on unverified`,
  ],
};
const RESTORED = [
  "Their account was restored on another device, by them or by somebody who has their 24 words.",
  "The safety number cannot tell: ask them.",
];

export const verify: Command = {
  name: "verify",
  summary: "show a contact's safety number, to compare it with them",
  details: "Meet, or call: both of you see the same twelve groups. Then say so with --confirmed.",
  operands: [{ name: "who", help: "a contact's name or id" }],
  flags: [
    { name: "confirmed", help: "the numbers were compared and are equal: mark the contact verified" },
    { name: "undo", help: "mark the contact unverified" },
    { name: "qr", help: "show the number as a code, for the other one's camera" },
    { name: "scanned", value: "text", help: "what a camera read on the other one's screen: equal marks the contact verified" },
  ],

  async run(context) {
    const { input, out } = context;
    const scanned = input.value("scanned");
    if ([input.has("confirmed"), input.has("undo"), scanned !== undefined].filter(Boolean).length > 1) {
      throw new UsageError("give one of --confirmed, --undo and --scanned");
    }
    await withClient(context, async (client) => {
      const contact = contactOf(client, input.operand("who"));
      const number = await contact.safetyNumber();
      if (input.has("confirmed") || input.has("undo")) {
        await contact.setVerified(input.has("confirmed"));
        await trySync(client, context);
      }
      if (scanned !== undefined) {
        const result = await contact.verifyScan(scanned);
        if (result !== "match") throw new CommandError(...REFUSED[result]);
        await trySync(client, context);
      }
      const name = harmlessLine(contact.name);
      const { trust } = contactOf(client, contact.id);
      const next = NEXT[trust](JSON.stringify(name));
      out.answer({ contact: { id: contact.id, name: contact.name }, safetyNumber: number.digits, trust }, [
        `You and ${name}, ${TRUST[trust]}:`,
        "",
        ...safetyNumberLines(number),
        ...(input.has("qr") ? ["", number.qr.terminal()] : []),
        ...(next.length === 0 ? [] : ["", ...next]),
      ]);
    });
  },
};
