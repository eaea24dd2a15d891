// The parts of this package that opening an account and talking do without, each loaded when it is first asked for: a page that shows a
// chat need not fetch the list of recovery words or QR login before it does. In Node they are modules like all others.

/** Each gives a module that is not loaded with the rest. */
export const later = {
  creating: () => import("./create.ts"),
  restoring: () => import("./restore.ts"),
  joining: () => import("./account-taker.ts"),
  inviting: () => import("./inviting.ts"),
  invites: () => import("./engine/invites.ts"),
  asking: () => import("./engine/asking.ts"),
  addressing: () => import("./addressing.ts"),
  blobs: () => import("./relay/blob-transfer.ts"),
  directory: () => import("./relay/directory-requests.ts"),
  giving: () => import("./account-giver.ts"),
  handing: () => import("./engine/giving.ts"),
  historyParts: () => import("./engine/history-parts.ts"),
  lookingBack: () => import("./engine/looking-back.ts"),
  takingHistory: () => import("./engine/history-taker.ts"),
  receiving: () => import("./engine/receiving.ts"),
  removing: () => import("./engine/removal.ts"),
  renewing: () => import("./engine/renewal.ts"),
  company: () => import("./sharing/company.ts"),
  linking: () => import("./pairing/link.ts"),
  drawing: () => import("./qr.ts"),
  secrets: () => import("./pairing/secret.ts"),
  taking: () => import("./engine/backup-take.ts"),
  publishing: () => import("./engine/publisher.ts"),
  answering: () => import("./engine/strangers.ts"),
  decidingResend: () => import("./engine/restarts.ts"),
  findingEnds: () => import("./relay/board-end.ts"),
  movingRelays: () => import("./engine/relay-moves.ts"),
  choosingRelays: () => import("./relay-choice.ts"),
  verifying: () => import("./verification.ts"),
  keepingBackups: () => import("./engine/backup-keeper.ts"),
  writingBackups: () => import("./backup-sink.ts"),
  exporting: () => import("./backup-export.ts"),
  importing: () => import("./backup-import.ts"),
  uploading: () => import("./engine/backup-upload.ts"),
  words: () => import("./recovery-words.ts"),
  passphrases: () => import("@sotto/protocol/primitives/argon2id"),
} as const;

/**
 * Loads all that is otherwise loaded when it is first asked for. An app calls it once it is at rest, so that everything works later without
 * a network, or when the server has only the files of a newer version. Rejects when a part cannot be loaded; it may be called again.
 */
export async function loadEverything(): Promise<void> {
  await Promise.all(Object.values(later).map((load) => load()));
}
