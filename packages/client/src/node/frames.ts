// Messages on a stream of bytes: BE4(length) || message. Takes chunks as they come; gives whole messages. Not a concern here: what they say.

import { MessengerError } from "../errors.ts";
import { MAX_CHANNEL_MESSAGE } from "../limits.ts";

const HEAD = 4;

/** A message as it goes on the stream. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEAD + message.length);
  new DataView(framed.buffer).setUint32(0, message.length);
  framed.set(message, HEAD);
  return framed;
}

/** Puts a stream together again. */
export class Unframer {
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** Gives the messages that are whole with this chunk. `argument/invalid` for one that is too long: the stream is worth nothing then. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const whole: Uint8Array[] = [];
    for (let size = this.#next(); size !== undefined && this.#length >= HEAD + size; size = this.#next()) {
      const bytes = this.#join();
      whole.push(bytes.slice(HEAD, HEAD + size));
      this.#chunks = [bytes.subarray(HEAD + size)];
      this.#length -= HEAD + size;
    }
    return whole;
  }

  /** The length of the message that is coming, once it is known. */
  #next(): number | undefined {
    if (this.#length < HEAD) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < HEAD) this.#join();
    const [first] = this.#chunks as [Uint8Array];
    const size = new DataView(first.buffer, first.byteOffset).getUint32(0);
    if (size > MAX_CHANNEL_MESSAGE) throw new MessengerError("argument/invalid", { reason: "a message of another process is too long" });
    return size;
  }

  #join(): Uint8Array {
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [joined];
    return joined;
  }
}
