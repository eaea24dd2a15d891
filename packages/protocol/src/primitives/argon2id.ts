// Argon2id on noble, apart from the other primitives: only a passphrase needs it, and an app can load it when there is one. Takes a
// password and the costs, gives a key. Node has a native one (node.ts).

import { argon2id } from "@noble/hashes/argon2.js";

/** Argon2id (RFC 9106), version 0x13, one lane; `length` in bytes. */
export type Argon2id = (
  password: Uint8Array,
  salt: Uint8Array,
  options: { readonly memoryKiB: number; readonly iterations: number; readonly length: number },
) => Uint8Array;

/** Argon2id in plain JavaScript. */
export const portableArgon2id: Argon2id = (password, salt, { memoryKiB, iterations, length }) =>
  argon2id(password, salt, { m: memoryKiB, t: iterations, p: 1, dkLen: length });
