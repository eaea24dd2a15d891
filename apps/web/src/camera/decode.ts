// One frame of the camera to the text of the QR code in it. Loaded only when a camera is opened: the decoder is not small.

import { decodeQR } from "qr/decode.js";

/** The text of the QR code in `frame`, or undefined when there is none that can be read. */
export function decodeFrame(frame: ImageData): string | undefined {
  try {
    return decodeQR(frame);
  } catch {
    // The decoder throws for every frame without a code; the next frame is a few ms away.
    return undefined;
  }
}
