// Keys to a line, for a terminal in raw mode (and lines of a pipe, which hold no such keys). Pure: takes characters, keeps the line.

const INTERRUPT = "\u0003";
const END = "\u0004";
const BACKSPACE = "\u0008";
const KILL_LINE = "\u0015";
const DELETE = "\u007f";

/** One line being typed. */
export class LineEditor {
  /** The line so far. */
  text = "";
  /** Ctrl-C was typed. */
  interrupted = false;

  /** Takes what was typed; gives what is left behind the end of the line, or undefined while the line goes on. */
  type(keys: string): string | undefined {
    const characters = Array.from(keys);
    for (const [index, key] of characters.entries()) {
      if (key === "\n" || key === "\r" || key === END) return restAfter(characters, index);
      if (key === INTERRUPT) {
        this.interrupted = true;
        return "";
      }
      if (key === BACKSPACE || key === DELETE) this.text = Array.from(this.text).slice(0, -1).join("");
      else if (key === KILL_LINE) this.text = "";
      else this.text += key;
    }
    return undefined;
  }
}

/** `\r\n` ends one line, not two. */
function restAfter(characters: readonly string[], index: number): string {
  const isPair = characters[index] === "\r" && characters[index + 1] === "\n";
  return characters.slice(index + (isPair ? 2 : 1)).join("");
}
