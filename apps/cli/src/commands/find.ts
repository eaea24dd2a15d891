// `sotto find`: look somebody up in the relay's directory, and see the safety number before a word is sent.
import { withClient } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { safetyNumberLines } from "../output/safety-number.ts";

export const find: Command = {
  name: "find",
  summary: "look up a published account by id or handle",
  details:
    "By id (sotto1…) nobody can lie. By handle it is the relay's word whom it names, until you compare the safety number with the person.",
  operands: [{ name: "who", help: "sotto1… or @handle" }],

  run: (context) =>
    withClient(context, async (client) => {
      const found = await client.address.find(context.input.operand("who"), { signal: context.signal });
      const { id, handle, safetyNumber } = found;
      context.out.answer({ id, ...(handle === undefined ? {} : { handle }), safetyNumber: safetyNumber.digits }, [
        handle === undefined ? id : `@${handle}, says the relay, is ${id}`,
        "",
        ...safetyNumberLines(safetyNumber),
        "",
        `To write: sotto send ${handle === undefined ? id : `@${handle}`} …`,
      ]);
    }),
};
