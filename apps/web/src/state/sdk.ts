// What the app uses of the client, and no more: what is not named here is not part of the chunk that this module becomes.

export { createAccount, joinAsDevice, listAccounts, loadEverything, openAccount, restoreAccount } from "@sotto/client";
