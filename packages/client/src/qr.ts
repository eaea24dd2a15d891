// QR codes: text to modules, a picture from the camera to text. Not a concern here: what the text means, drawing on a screen.

import type { Qr } from "./api.ts";

/** A QR code of a text (medium error correction). */
export function makeQr(_text: string): Qr {
  throw new Error("not written yet");
}
