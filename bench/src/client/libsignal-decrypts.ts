// libsignal in the same race (AGPL-3.0: measured here, never shipped): it opens as many messages of one sender, its state written out and
// read back at each; nothing is kept of them, and there is no board. Gives a contender; a unit is a message.

import type { CiphertextMessage } from "@signalapp/libsignal-client";
import { type Contender, seconds } from "../measure.ts";
import { meet } from "../session/libsignal.ts";

/** `count` messages, made before the time counts. */
export function libsignalDecrypts(count: number): Contender {
  return {
    name: "libsignal 0.103.0: decrypt alone",
    count,
    async run(units) {
      const pair = await meet(true);
      await pair.send(1);
      const messages: CiphertextMessage[] = [];
      for (let i = 0; i < units; i++) messages.push(await pair.encrypt(0));
      return await seconds(async () => {
        for (const message of messages) await pair.decrypt(0, message);
      });
    },
  };
}
