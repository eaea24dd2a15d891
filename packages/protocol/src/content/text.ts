// Text: what people write to each other.

import { utf8Length } from "@sotto/encoding";
import { ProtocolError } from "../errors.ts";
import { MAX_TEXT_LENGTH } from "../limits.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

/** A text of 1 to 3,500 bytes in UTF-8. */
export interface TextBody {
  readonly text: string;
}

/** Texts: not empty, at most 3,500 bytes. */
export const textCodec: BodyCodec<TextBody> = {
  encode({ text }) {
    if (text.length === 0) throw unacceptable("a text is not empty");
    const size = utf8Length(text);
    if (size > MAX_TEXT_LENGTH) {
      throw new ProtocolError("message/too-large", `a text has at most ${MAX_TEXT_LENGTH} bytes`, { limit: MAX_TEXT_LENGTH, size });
    }
    return { text };
  },
  decode(fields) {
    const text = fields.text("text", MAX_TEXT_LENGTH);
    if (text.length === 0) throw fields.invalid("text", "is empty");
    if (utf8Length(text) > MAX_TEXT_LENGTH) throw fields.invalid("text", `is longer than ${MAX_TEXT_LENGTH} bytes`);
    return { text };
  },
};
