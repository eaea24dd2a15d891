// The SDK's errors in the words of the command line: which command leads on, which folder is meant, and nothing of tabs and browsers.
// Takes an error and the folder a command worked in; gives its text. A code that is not here has words that fit everywhere.
import type { ErrorCode, ErrorDetails, MessengerError } from "@sotto/client";

type Words = { readonly [C in ErrorCode]?: (details: ErrorDetails[C], folder: string) => string };

const words: Words = {
  "account/not-found": (_, folder) =>
    `There is no account in ${folder}. Make one with \`sotto init\`, join one of another device with \`sotto login\`, ` +
    "or bring one back from its 24 words with `sotto restore`. If it is in another folder, give --dir.",
  "account/exists": (_, folder) =>
    `There is an account in ${folder} already, and every command uses it (see: sotto devices). For another account give another folder with --dir.`,
  "storage/locked": (_, folder) =>
    `The account in ${folder} is open in another program, perhaps \`sotto read --follow\`, and that one does not answer. End it, then try again.`,
  "storage/full": () => "The disk is full. Nothing was changed; free some space and try again.",
  "relay/unreachable": ({ relay }) => `The relay ${relay} does not answer. Check its address and the network, then try again.`,
  "identity/changed": () =>
    "This contact was verified, and their account was restored on another device since. Ask them whether it was them, then see `sotto verify`.",
  "backup/damaged": ({ reason }) =>
    `This backup is damaged: ${reason}. What came before the damage was taken in; take in another copy with \`sotto backup import\`.`,
  "backup/too-large": () => "The backup is too large for a relay. Write it to a file instead, with `sotto backup export`.",
  "session/peer-or-clone": () => "Sending to this contact has stopped until you decide: see `sotto recovery`.",
  "device/qr-invalid": ({ reason }) => `This code cannot be used: ${reason}. Copy the whole line that the other device shows.`,
};

/** What is said about an error of the SDK, by a command whose account is in `folder`. */
export function messageOf<C extends ErrorCode>(error: MessengerError<C>, folder: string): string {
  return words[error.code]?.(error.details, folder) ?? error.message;
}
