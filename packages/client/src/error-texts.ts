// For each error code: who has to act, whether trying again can help, and one sentence or two for people: what happened, what to do.

import type { Blame, ErrorCode, ErrorDetails } from "./errors.ts";

interface ErrorText<C extends ErrorCode> {
  readonly blame: Blame;
  readonly retryable?: boolean;
  message(details: ErrorDetails[C]): string;
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Some reasons say what to do themselves ("it is incomplete: copy the whole link"). */
const advises = (reason: string): boolean => reason.includes(": ");

/** The table behind `MessengerError`. */
export const errorTexts: { readonly [C in ErrorCode]: ErrorText<C> } = {
  "account/not-found": {
    blame: "user",
    message: () => "There is no account in this storage. Create one, restore one from its 24 words, or link this device.",
  },
  "account/exists": { blame: "user", message: () => "This account is already on this device. Open it instead." },
  "address/invalid": { blame: "user", message: ({ reason }) => `This is not an address: ${reason}. Check it and try again.` },
  "address/not-found": {
    blame: "user",
    message: () => "Nobody is published under this address on this relay. Check the spelling, or ask for an invite.",
  },
  "address/handle-taken": {
    blame: "user",
    message: ({ handle }) => `The handle @${handle} belongs to somebody else on this relay. Choose another.`,
  },
  "phrase/bad-length": { blame: "user", message: ({ words }) => `A recovery phrase has 24 words (or 12); this has ${words}.` },
  "phrase/bad-word": {
    blame: "user",
    message: ({ position, suggestions }) =>
      `Word ${position} is not in the list of words${suggestions.length > 0 ? `; perhaps ${suggestions.join(" or ")}` : ""}. Correct it.`,
  },
  "phrase/bad-checksum": {
    blame: "user",
    message: () => "Every word exists, but together they are no recovery phrase. One is wrong or two are swapped.",
  },
  "phrase/other-account": {
    blame: "user",
    message: () => "These are the 24 words of another account. Nothing was changed; enter the words of this one.",
  },
  "recovery/not-here": {
    blame: "user",
    message: () => "This device was linked and does not hold the 24 words. Look on the device where the account was made.",
  },
  "backup/damaged": {
    blame: "user",
    message: ({ reason }) => `This backup is damaged: ${reason}. What came before the damage was taken in; use another copy for the rest.`,
  },
  "backup/wrong-key": { blame: "user", message: () => "This backup was made by another account: these words do not open it." },
  "backup/newer": {
    blame: "user",
    message: ({ found, known }) =>
      `This backup was made by a newer version (format ${found}, this one knows ${known}). Update, then import it.`,
  },
  "backup/not-found": {
    blame: "user",
    message: () =>
      "The relay has no backup of this account. It keeps one for 90 days, if one was made there. Use a file, or another relay.",
  },
  "backup/too-large": {
    blame: "user",
    message: ({ limit }) => `The backup is too large for a relay (more than ${limit} parts). Save it to a file instead.`,
  },
  "storage/locked": {
    blame: "user",
    message: () =>
      "This account is open in another tab or process, which does not share it or does not answer. Close it there, then try again.",
  },
  "storage/wrong-key": {
    blame: "user",
    message: ({ reason }) =>
      ({
        "passphrase-needed": "This storage is sealed with a passphrase. Give it to open the account.",
        "passphrase-wrong": "This passphrase does not open the storage. Try again.",
        keeper: "This storage was sealed on another device or browser profile, or its key was replaced. It opens only where it was made.",
      })[reason],
  },
  "storage/full": {
    blame: "storage",
    message: () => "The disk or the browser's quota is full. Nothing was changed; free some space and try again.",
  },
  "storage/corrupt": { blame: "storage", message: ({ what }) => `The storage is damaged: ${what}. Restore the account from its 24 words.` },
  "storage/newer": {
    blame: "user",
    message: ({ found, known }) =>
      `The storage was written by a newer version (format ${found}, this one knows ${known}). Update to open it.`,
  },
  "storage/unavailable": { blame: "storage", message: ({ reason }) => `The storage cannot be used: ${reason}.` },
  "relay/unreachable": {
    blame: "relay",
    retryable: true,
    message: ({ relay }) => `The relay ${relay} does not answer. Check the network; messages wait in the outbox.`,
  },
  "relay/rate-limited": {
    blame: "relay",
    retryable: true,
    message: ({ retryAfter }) => `The relay asks to wait ${plural(Math.ceil(retryAfter / 1000), "second", "seconds")}.`,
  },
  "relay/busy": {
    blame: "relay",
    retryable: true,
    message: ({ code }) => `The relay cannot do this at the moment (${code}). It is worth trying again.`,
  },
  "relay/upgrade-required": {
    blame: "relay",
    message: () => "The relay speaks another version of the protocol. Update this app, or ask the relay's operator to update.",
  },
  "relay/rejected": { blame: "relay", message: ({ status, code }) => `The relay refused the request (${status} ${code}).` },
  "relay/misbehaving": {
    blame: "relay",
    retryable: true,
    message: ({ what }) => `The relay broke its promise: ${what}. If this goes on, use another relay.`,
  },
  "invite/invalid": {
    blame: "user",
    message: ({ reason }) => `This invite cannot be used: ${reason}.${advises(reason) ? "" : " Ask for a new one."}`,
  },
  "invite/expired": { blame: "user", message: () => "This invite has expired. Ask for a new one." },
  "invite/used": { blame: "user", message: () => "This invite was already used. Ask for a new one." },
  "invite/self": { blame: "user", message: () => "This invite is your own. Give it to somebody else." },
  "identity/invalid": { blame: "peer", message: ({ what }) => `The other side's identity does not verify: ${what}. Nothing was accepted.` },
  "identity/rolled-back": {
    blame: "relay",
    message: ({ known, received }) =>
      `An old device list was presented (version ${received}, ${known} is known). It was refused; a removed device may be hiding behind it.`,
  },
  "identity/changed": {
    blame: "peer",
    message: () =>
      "This person was verified, and their account was restored elsewhere since. Ask them whether it was them, then say so here.",
  },
  "identity/not-listed": { blame: "peer", message: () => "This device is not in its account's list. What it sent was refused." },
  "message/empty": { blame: "misuse", message: () => "There is nothing to send." },
  "message/too-large": {
    blame: "user",
    message: ({ limit, size }) => `The message has ${size} bytes; at most ${limit} fit. Shorten it or send it in parts.`,
  },
  "message/unreadable": { blame: "peer", message: ({ reason }) => `A message arrived that cannot be read: ${reason}. Ask for it again.` },
  "message/missing": {
    blame: "relay",
    message: ({ count }) => `${plural(count, "earlier message has", "earlier messages have")} not arrived yet.`,
  },
  "session/peer-or-clone": {
    blame: "peer",
    message: () =>
      "Other bytes stand where this message belongs, three times in a row. A copy of this device or the other side may be writing there.",
  },
  "send/failed": {
    blame: "relay",
    retryable: true,
    message: ({ attempts }) => `The message could not be sent in ${plural(attempts, "attempt", "attempts")}. Try again.`,
  },
  "device/limit": { blame: "user", message: ({ limit }) => `An account has at most ${limit} devices. Remove one first.` },
  "device/qr-invalid": {
    blame: "user",
    message: ({ reason }) => `This code cannot be used: ${reason}. Scan the code that the other device shows.`,
  },
  "device/already-used": { blame: "user", message: () => "Somebody already used this code. Cancel on the other device and start again." },
  "device/code-mismatch": { blame: "user", message: () => "The code is not the one of the other device. Nothing was sent; start again." },
  "device/code-malformed": { blame: "user", message: () => "The code has six digits. Type all of them." },
  "device/expired": { blame: "user", message: () => "The pairing took too long. Nothing was sent; start again." },
  "device/denied": { blame: "user", message: () => "The other device ended the pairing. Nothing was sent." },
  "device/pairing-failed": { blame: "peer", message: ({ reason }) => `The pairing failed: ${reason}. Nothing was accepted; start again.` },
  "device/not-listed": {
    blame: "user",
    retryable: true,
    message: () => "This device is not in the account's list of devices yet. Open the app on the device that added it.",
  },
  "device/removed": {
    blame: "user",
    message: () => "This device was removed from the account. What it has stays readable; it neither gets nor sends anything any more.",
  },
  "device/history-lost": {
    blame: "relay",
    message: () => "The relay has lost a part of the history that the other device left for this one. A backup of the other device has it.",
  },
  "device/not-root": {
    blame: "user",
    message: () =>
      "This device does not hold the account's words, so it cannot change the device list. Use the device that does, or enter the words.",
  },
  "argument/invalid": { blame: "misuse", message: ({ reason }) => `Wrong argument: ${reason}.` },
  aborted: { blame: "misuse", message: () => "The call was cancelled." },
  closed: { blame: "misuse", message: () => "This is closed. Open it again." },
  internal: { blame: "bug", message: () => "Something went wrong inside. Please report it." },
};
