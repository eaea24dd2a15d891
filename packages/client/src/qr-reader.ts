// QR codes: a picture of the camera to text. Apart from drawing them, since it is several times as much code and few screens need it.

import decode from "qr/decode.js";

/** A picture as a canvas gives it: 4 bytes (RGBA) or 3 (RGB) a pixel, row by row. */
export interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** The text of the QR code in a picture; `undefined` when there is none to be read. */
export function decodeQr(picture: Picture): string | undefined {
  try {
    return decode({ data: picture.data, width: picture.width, height: picture.height });
  } catch {
    // Most pictures of a camera show no code: that is no error.
    return undefined;
  }
}
