// A keeper over WebCrypto: wraps short secrets with an AES-256-GCM key that never leaves the platform. Takes a function that gives the
// `CryptoKey`; gives a `StorageKeeper`. Not a concern here: where the key is kept.

import type { StorageKeeper } from "../api.ts";
import { MessengerError } from "../errors.ts";

const NONCE = 12;

/** wrapped = nonce (12) || AES-256-GCM (key length + 16). */
export function webCryptoKeeper(key: () => Promise<CryptoKey>): StorageKeeper {
  return {
    async wrap(secret) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE));
      const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bufferOf(secret)));
      const wrapped = new Uint8Array(NONCE + sealed.length);
      wrapped.set(iv);
      wrapped.set(sealed, NONCE);
      return wrapped;
    },

    async unwrap(wrapped) {
      const held = await key();
      try {
        const iv = bufferOf(wrapped.subarray(0, NONCE));
        return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, held, bufferOf(wrapped.subarray(NONCE))));
      } catch (cause) {
        throw new MessengerError("storage/wrong-key", { reason: "keeper" }, { cause });
      }
    },
  };
}

/** The same bytes, typed as WebCrypto wants them (never over a shared buffer). */
function bufferOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
