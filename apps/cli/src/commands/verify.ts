// `sotto verify`: the safety number, to be compared with the person.
import type { ScanResult, Trust } from "@sotto/client";
import { trySync, withClient } from "../account/with-client.ts";
import { contactOf } from "../account/who.ts";
import { UsageError } from "../args/parse.ts";
import type { Command } from "../command.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { safetyNumberLines } from "../output/safety-number.ts";

const SCANNED: Record<ScanResult, string> = {
  match: "The codes match: nobody is in between.",
  mismatch: "The codes do not match. Make sure that they show the code of their chat with you; if they do, do not go on.",
  "other-contact": "This is the code of somebody else.",
  "not-a-safety-code": "This is no safety number.",
};

const TRUST: Record<Trust, string> = {
  unverified: "unverified",
  verified: "verified",
  changed: "restored elsewhere since",
  "changed-after-verified":
    "verified, and restored elsewhere since: nothing is sent until you say --confirmed or --undo. Ask them whether it was them",
};

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
      const result = scanned === undefined ? undefined : await contact.verifyScan(scanned);
      if (result === "match") await trySync(client, context);
      const name = harmlessLine(contact.name);
      const { trust } = contactOf(client, contact.id);
      const found = result === undefined ? {} : { scanned: result };
      out.answer({ contact: { id: contact.id, name: contact.name }, safetyNumber: number.digits, trust, ...found }, [
        ...(result === undefined ? [] : [SCANNED[result], ""]),
        `You and ${name}, ${TRUST[trust]}:`,
        "",
        ...safetyNumberLines(number),
        ...(input.has("qr") ? ["", number.qr.terminal()] : []),
        ...(trust === "verified" ? [] : ["", `Equal on both sides? Then: sotto verify ${JSON.stringify(name)} --confirmed`]),
      ]);
    });
  },
};
