// Reads a request's body into memory, within a bound of its own and one for all bodies together. Refuses compressed bodies: a kilobyte of them
// can be a gigabyte. How long it may take is the server's concern (requestTimeout).

import type { IncomingMessage } from "node:http";
import { WireError } from "@sotto/wire";

/** The memory that all bodies of one relay share. */
export class Bodies {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The whole body of `request`. Rejects with `frame/too-large`, `frame/invalid`, `relay/busy`. */
  async read(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
    refuseEncoded(request);
    if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of bytesOf(request)) {
        length += chunk.length;
        this.#bytes += chunk.length;
        if (length > maxBytes) throw tooLarge(maxBytes);
        if (this.#bytes > this.#maxBytes) throw new WireError("relay/busy", "too many requests are being read", { retryAfter: 1 });
        chunks.push(chunk);
      }
    } finally {
      this.#bytes -= length;
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }
}

/** The body's bytes as they come; one that breaks off is `frame/invalid`. */
export async function* bytesOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    // A body that is not read to its end leaves the connection to be closed by the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch {
    throw new WireError("frame/invalid", "the request ended before its body");
  }
}

/** Throws `frame/invalid` for a body with a content encoding. */
export function refuseEncoded(request: IncomingMessage): void {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw new WireError("frame/invalid", "a request's body has no content encoding");
}

function tooLarge(maxBytes: number): WireError {
  return new WireError("frame/too-large", `the request's body has more than ${maxBytes} bytes`);
}
