// The blobs of the test relay: write-once, uploaded in parts that may be resumed. Held to the real relay by test/relay/relay-contract.test.ts. Not
// a concern here: requests; keeping them for a time only.

import { equalBytes } from "@sotto/protocol";
import { type BlobPart, type BlobState, toHex, WireError } from "@sotto/wire";

interface KeptBlob {
  readonly bytes: Uint8Array;
  received: number;
}

/** Blobs in memory. */
export class Blobs {
  readonly #blobs = new Map<string, KeptBlob>();

  /** Writes a part. `blob/conflict`, `blob/offset`. */
  put(id: Uint8Array, part: BlobPart, bytes: Uint8Array): BlobState {
    const key = toHex(id);
    const blob = this.#blobs.get(key) ?? { bytes: new Uint8Array(part.size), received: 0 };
    if (blob.bytes.length !== part.size) throw conflict();
    if (part.first === blob.received) {
      blob.bytes.set(bytes, part.first);
      blob.received = part.last + 1;
      this.#blobs.set(key, blob);
    } else if (part.last >= blob.received) {
      throw new WireError("blob/offset", `the next part begins at byte ${blob.received}`);
    } else if (!equalBytes(blob.bytes.subarray(part.first, part.last + 1), bytes)) {
      throw conflict();
    }
    return { received: blob.received, size: part.size };
  }

  /** How far an upload is. `blob/not-found`. */
  state(id: Uint8Array): BlobState {
    const { received, bytes } = this.#blob(id);
    return { received, size: bytes.length };
  }

  /** A complete blob. `blob/not-found`. */
  get(id: Uint8Array): Uint8Array {
    const { received, bytes } = this.#blob(id);
    if (received < bytes.length) throw notFound();
    return bytes;
  }

  #blob(id: Uint8Array): KeptBlob {
    const blob = this.#blobs.get(toHex(id));
    if (blob === undefined) throw notFound();
    return blob;
  }
}

const conflict = (): WireError => new WireError("blob/conflict", "this id holds another blob");
const notFound = (): WireError => new WireError("blob/not-found", "there is no complete blob under this id");
