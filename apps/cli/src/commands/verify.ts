// `sotto verify`: the safety number, to be compared with the person.
import { trySync, withClient } from "../account/with-client.ts";
import { contactOf } from "../account/who.ts";
import { UsageError } from "../args/parse.ts";
import type { Command } from "../command.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { safetyNumberLines } from "../output/safety-number.ts";

export const verify: Command = {
  name: "verify",
  summary: "show a contact's safety number, to compare it with them",
  details: "Meet, or call: both of you see the same twelve groups. Then say so with --confirmed.",
  operands: [{ name: "who", help: "a contact's name or id" }],
  flags: [
    { name: "confirmed", help: "the numbers were compared and are equal: mark the contact verified" },
    { name: "undo", help: "mark the contact unverified" },
  ],

  async run(context) {
    const { input, out } = context;
    if (input.has("confirmed") && input.has("undo")) throw new UsageError("give --confirmed or --undo, not both");
    await withClient(context, async (client) => {
      const contact = contactOf(client, input.operand("who"));
      const number = await contact.safetyNumber();
      if (input.has("confirmed") || input.has("undo")) {
        await contact.setVerified(input.has("confirmed"));
        await trySync(client, context);
      }
      const name = harmlessLine(contact.name);
      const { trust } = contactOf(client, contact.id);
      out.answer({ contact: { id: contact.id, name: contact.name }, safetyNumber: number.digits, trust }, [
        `You and ${name}, ${trust}:`,
        "",
        ...safetyNumberLines(number),
        ...(trust === "verified" ? [] : ["", `Equal on both sides? Then: sotto verify ${JSON.stringify(name)} --confirmed`]),
      ]);
    });
  },
};
