// Keys to a line, for a terminal in raw mode (and lines of a pipe, which hold no such keys). Pure: takes bytes in whatever pieces, keeps
// the line as text. What stands behind the line's end is given back untouched.
import { StringDecoder } from "node:string_decoder";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const END = 0x04;

const INTERRUPT = "\u0003";
const BACKSPACE = "\u0008";
const KILL_LINE = "\u0015";
const DELETE = "\u007f";

/** One line being typed, in UTF-8. */
export class LineEditor {
  /** The line so far. */
  text = "";
  /** Ctrl-C was typed. */
  interrupted = false;
  readonly #decoder = new StringDecoder("utf8");

  /** Takes what was typed; gives the bytes behind the end of the line, or undefined while the line goes on. */
  type(keys: Uint8Array): Uint8Array | undefined {
    // No byte of a longer UTF-8 character looks like these.
    const end = keys.findIndex((key) => key === LINE_FEED || key === CARRIAGE_RETURN || key === END);
    for (const key of this.#decoder.write(end === -1 ? keys : keys.subarray(0, end))) {
      if (key === INTERRUPT) {
        this.interrupted = true;
        return new Uint8Array(0);
      }
      this.#take(key);
    }
    if (end === -1) return undefined;
    this.text += this.#decoder.end();
    return keys.subarray(end + lengthOfEnd(keys, end));
  }

  #take(key: string): void {
    if (key === BACKSPACE || key === DELETE) this.text = Array.from(this.text).slice(0, -1).join("");
    else if (key === KILL_LINE) this.text = "";
    else this.text += key;
  }
}

/** `\r\n` ends one line, not two. */
function lengthOfEnd(keys: Uint8Array, end: number): number {
  return keys[end] === CARRIAGE_RETURN && keys[end + 1] === LINE_FEED ? 2 : 1;
}
