// The door to what a conversation needs, from an account key to what a message says. Besides it @sotto/protocol has the words of a recovery
// phrase, backups, QR login and the static session.

export * from "./signal.ts";

export * from "./limits.ts";

export * from "./agreement/agreement.ts";
export * from "./agreement/box.ts";

export * from "./identity/account.ts";
export * from "./identity/device.ts";
export * from "./identity/device-list.ts";
export * from "./identity/device-list-order.ts";
export * from "./identity/safety-code.ts";

export * from "./cbor.ts";
export * from "./fields.ts";

export * from "./stream/cell.ts";
export * from "./stream/chain.ts";
export * from "./session/session.ts";
export * from "./session/ratchet-session.ts";

export * from "./meeting/name.ts";
export * from "./meeting/relay-address.ts";
export * from "./meeting/bundle.ts";
export * from "./meeting/one-time-prekeys.ts";
export * from "./meeting/prekeys.ts";
export * from "./meeting/card.ts";
export * from "./meeting/first-contact.ts";
export * from "./meeting/join.ts";
export * from "./meeting/knock.ts";
export * from "./meeting/restart.ts";
export type { SealedCell, SealedRecipient } from "./meeting/sealed.ts";
export * from "./meeting/request.ts";
export * from "./meeting/claim-slot.ts";
export * from "./meeting/invite.ts";
export * from "./meeting/invite-blob.ts";
export * from "./meeting/public-address.ts";

export * from "./content/contents.ts";
export type { AccountStateBody, DeviceListBody, Named, ProfileBody, RequestKeyBody } from "./content/account-notices.ts";
export type { BackupLockBody } from "./content/backup-lock.ts";
export { type ContactBody, type ContactPhaseName, contactPhases } from "./content/contact.ts";
export type { CardBody, HelloBody, ListState, ListStates } from "./content/hello.ts";
export type { ConversationBody, Draft, Listing, ReadBody } from "./content/reading.ts";
export { LAST_PING_TURN, type PingBody, type PingTurn, type RestartedBody } from "./content/recovery.ts";
export type { ReceiptBody } from "./content/receipt.ts";
export type { RelayPlace, RelaysBody } from "./content/relays.ts";
export { isLater, laterThan, NEVER, type Stamp } from "./content/stamp.ts";
export type { TextBody } from "./content/text.ts";
