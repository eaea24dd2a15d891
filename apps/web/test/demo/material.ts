// What the people of the demonstration say. Invented, all of it.

import type { Qr } from "@sotto/client";
import { qrOf } from "../../src/parts/text-qr.ts";

/** A code of any text. */
export function demoQr(text: string): Qr {
  return { ...qrOf(text), terminal: () => "" };
}

/** Not a real phrase: the words are in the list, the checksum is wrong. */
export const PHRASE: readonly string[] =
  "orbit velvet lantern quiz meadow canyon whisper anchor ticket hollow brave sunset pepper glide museum oxygen raven timber cradle fossil index jungle kiwi zebra".split(
    " ",
  );

/** A message that begins folded. */
export const LONG = `The recipe, as promised:\n\n${Array.from({ length: 30 }, (_, n) => `${n + 1}. Stir slowly, taste, and wait a little longer than you think is right.`).join("\n")}`;

/** Lines of a chat; `gap`: minutes between messages. */
export const HISTORY: readonly { mine: boolean; text: string; gap: number }[] = [
  { mine: false, text: "Are you there?", gap: 31 },
  { mine: true, text: "Always. The train is late, so I have time.", gap: 31 },
  { mine: true, text: "Twenty minutes, they say.", gap: 31 },
  { mine: false, text: "They always say twenty 🙂", gap: 31 },
  { mine: false, text: "Did you see the new pictures? https://pictures.example/album/12", gap: 31 },
  { mine: true, text: "Not yet, the connection here is poor. Later at home, with tea.", gap: 31 },
  { mine: false, text: "هل نلتقي غدًا؟", gap: 31 },
  { mine: true, text: "Yes, at six. I bring the book:\n\n– the one about bridges\n– and the other one", gap: 31 },
];
