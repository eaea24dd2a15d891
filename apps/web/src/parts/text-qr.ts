// A QR code for a text of our own. Loaded where it is needed: invites and pairing bring their codes along.

import { encodeQR } from "qr";

/** The code of `text`, without a quiet zone. */
export function qrOf(text: string): { text: string; matrix(): readonly (readonly boolean[])[] } {
  // The library draws a border of at least one module.
  const bordered = encodeQR(text, "raw", { border: 1 });
  const modules = bordered.slice(1, -1).map((row) => row.slice(1, -1));
  return { text, matrix: () => modules };
}
