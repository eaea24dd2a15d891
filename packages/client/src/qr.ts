// QR codes: text to modules. Not a concern here: what the text means, drawing on a screen, reading codes (qr-reader.ts).

import { encodeQR } from "qr";
import type { Qr } from "./api.ts";
import { MessengerError } from "./errors.ts";

/** Light modules around a code in a terminal: 4 are the norm; cameras are content with 2, and a small window is not. */
const QUIET = 2;

/** A QR code of a text (medium error correction). `argument/invalid` when no code holds so much. */
export function makeQr(text: string): Qr {
  let modules: boolean[][];
  try {
    modules = encodeQR(text, "raw", { ecc: "medium", border: 1 });
  } catch (cause) {
    throw new MessengerError("argument/invalid", { reason: "this text does not fit into a QR code" }, { cause });
  }
  // The library draws a border of at least one module.
  modules = modules.slice(1, -1).map((row) => row.slice(1, -1));
  return { text, matrix: () => modules, terminal: () => halfBlocks(modules) };
}

/** Two rows of modules a line. Light modules are drawn, so that the code is right on a dark ground; the quiet zone is drawn with it. */
function halfBlocks(modules: readonly (readonly boolean[])[]): string {
  const size = modules.length + 2 * QUIET;
  const light = (row: number, column: number): boolean => row < size && !(modules[row - QUIET]?.[column - QUIET] ?? false);
  const lines: string[] = [];
  for (let row = 0; row < size; row += 2) {
    let line = "";
    for (let column = 0; column < size; column++) {
      const [upper, lower] = [light(row, column), light(row + 1, column)];
      line += upper ? (lower ? "█" : "▀") : lower ? "▄" : " ";
    }
    lines.push(line);
  }
  return lines.join("\n");
}
