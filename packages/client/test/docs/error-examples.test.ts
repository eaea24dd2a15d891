// The examples on the pages of errors compile against the public surface: a code, a detail or a call that is gone is noticed.

import { expect, test } from "vitest";
import { errorTexts } from "../../src/error-texts.ts";
import { blocksOf, Programs } from "../support/documentation.ts";

/** What an example takes for granted: an opened account, a conversation, what a person typed or chose, a place to say something. */
const GIVEN = `import {
  checkWords, createAccount, joinAsDevice, memory, MessengerError, openAccount, restoreAccount, type Client, type Conversation, type Storage,
} from "@sotto/client";
declare let client: Client;
declare const chat: Conversation;
declare const relay: string;
declare const storage: Storage;
declare const typed: string;
declare const file: File;
declare const target: WritableStream<Uint8Array>;
declare function show(text: string): void;
declare function ask(question: string): Promise<string>;
`;

test("the examples of all pages compile", async () => {
  const programs = new Programs("errors");
  for (const code of Object.keys(errorTexts)) programs.write(code, `${GIVEN}${blocksOf(`docs/errors/${code}.md`).join("\n")}`);
  expect(await programs.compile()).toBe("");
});

test("and one that does not would be found", async () => {
  const programs = new Programs("errors-planted");
  programs.write("planted", `${GIVEN}if (MessengerError.is(undefined, "no/such-code")) show("never");`);
  expect(await programs.compile()).toContain("no/such-code");
});
