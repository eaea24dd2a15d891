// Text that other people wrote, made harmless for a terminal. Takes any string; gives one that can neither move the cursor, colour the
// screen, set its title, reverse the reading direction, hide words nor begin a line that looks like ours.

/** CSI, OSC, DCS, SOS, PM and APC sequences, in their 7-bit and 8-bit forms, whole or cut off. */
const SEQUENCES =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/** C0 and C1 controls except tab and newline, and DEL. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Bidirectional marks, embeddings, overrides and isolates; invisible fillers, separators and operators; annotations; tag characters. */
const INVISIBLE =
  /\u00ad|\u061c|\u115f|\u1160|\u17b4|\u17b5|\u180e|\u200b|[\u200e\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|\u3164|\ufeff|\uffa0|[\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Several lines of somebody's text. Line ends become `\n`; tabs stay. */
export function harmless(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(SEQUENCES, "")
    .replace(CONTROLS, "")
    .replace(INVISIBLE, "");
}

/** Somebody's text on one line: names, titles. Never empty, so that a line always says whose it is. */
export function harmlessLine(text: string): string {
  return harmless(text).replace(/\s+/g, " ").trim() || "(no name)";
}

/** JSON that is exact and still harmless when it is shown: what would act on a terminal is written as `\uXXXX`. */
export function harmlessJson(value: unknown): string {
  const escape = (characters: string): string =>
    Array.from({ length: characters.length }, (_, i) => unit(characters.charCodeAt(i))).join("");
  return JSON.stringify(value)
    .replace(CONTROLS, escape)
    .replace(INVISIBLE, escape)
    .replace(/[\u2028\u2029]/g, escape);
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
