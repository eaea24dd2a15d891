// `sotto recovery`: the 24 words that are the account. Shown only when asked for, never stored elsewhere, confirmed by asking some back.
import { withClient } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { CommandError } from "../output/command-error.ts";
import { questionLines, questionValue } from "../output/question-view.ts";

const STATUS = {
  linked: "This device was linked and does not hold the 24 words. Another of your devices does.",
  unseen: "Your 24 words were never shown. Write them down: sotto recovery show",
  seen: "Your 24 words were shown. Make sure that you have them right: sotto recovery confirm",
  confirmed: "Your 24 words are confirmed.",
} as const;

export const recovery: Command = {
  name: "recovery",
  summary: "say whether your 24 words are safe, and what waits for you to decide",

  run: (context) =>
    withClient(context, async (client) => {
      const status = client.recovery.status.get();
      const questions = client.recovery.questions.get();
      context.out.answer({ status, questions: questions.map(questionValue) }, [
        STATUS[status],
        ...questions.flatMap((question) => ["", ...questionLines(question)]),
      ]);
    }),
};

export const showRecovery: Command = {
  name: "recovery show",
  summary: "show your 24 words: who has them is you",

  run: (context) =>
    withClient(context, async (client) => {
      const { words } = await client.recovery.reveal({ signal: context.signal });
      context.out.answer({ words }, grid(words));
      context.out.note("\nWrite them on paper, in this order. Who has them is you; without them a lost account stays lost.");
    }),
};

export const confirmRecovery: Command = {
  name: "recovery confirm",
  summary: "prove that you wrote your 24 words down",

  run: (context) =>
    withClient(context, async (client) => {
      const { positions, answer } = await client.recovery.challenge();
      const words: string[] = [];
      for (const position of positions) {
        context.out.step({ event: "question", position }, "");
        words.push((await context.terminal.line(`Word ${position}: `)).trim().toLowerCase());
      }
      if (!(await answer(words)))
        throw new CommandError("recovery/wrong-words", "these are not the right words. Look at your paper, and try again.");
      context.out.answer({ event: "done", status: client.recovery.status.get() }, "Your 24 words are confirmed.");
    }),
};

/** Four columns, read from left to right. */
function grid(words: readonly string[]): string[] {
  const cells = words.map((word, index) => `${String(index + 1).padStart(2)} ${word.padEnd(10)}`);
  return Array.from({ length: Math.ceil(cells.length / 4) }, (_, row) =>
    cells
      .slice(row * 4, row * 4 + 4)
      .join("  ")
      .trimEnd(),
  );
}
