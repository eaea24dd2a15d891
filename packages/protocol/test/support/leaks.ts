// Looks for secret bytes in text, in the forms in which they get there: hexadecimal, base64, decimal lists, and the words of a phrase.

/** A run of this many secret bytes is a leak; shorter runs happen by chance. */
const RUN = 6;

/** Whether `text` (what was printed, logged or made JSON) shows a part of the secret, and in which form. */
export function leakOf(text: string, secret: Uint8Array): "hex" | "base64" | "decimal" | undefined {
  const spaceless = text.replace(/\s/g, "");
  if (showsHex(spaceless.toLowerCase(), secret)) return "hex";
  if (showsBase64(spaceless.replaceAll("-", "+").replaceAll("_", "/"), secret)) return "base64";
  if (showsDecimal(text, secret)) return "decimal";
  return undefined;
}

function runs(secret: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: secret.length - RUN + 1 }, (_, i) => secret.subarray(i, i + RUN));
}

function showsHex(text: string, secret: Uint8Array): boolean {
  const hex = (run: Uint8Array): string => Array.from(run, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return runs(secret).some((run) => text.includes(hex(run)));
}

/** Six bytes are eight characters when the run starts on a group of three; runs at every offset cover all alignments. */
function showsBase64(text: string, secret: Uint8Array): boolean {
  return runs(secret).some((run) => text.includes(Buffer.from(run).toString("base64")));
}

/** `Uint8Array(32) [ 1, 2, … ]` and JSON's `{"0":1,"1":2,…}` alike. */
function showsDecimal(text: string, secret: Uint8Array): boolean {
  const numbers = `,${(text.replace(/"\d+":/g, "").match(/\d+/g) ?? []).join(",")},`;
  return runs(secret).some((run) => numbers.includes(`,${run.join(",")},`));
}

/** Whether `text` shows three words of a phrase in their order. */
export function showsWords(text: string, words: readonly string[]): boolean {
  const said = ` ${(text.toLowerCase().match(/[a-z]+/g) ?? []).join(" ")} `;
  return words.some((_, i) => i + 3 <= words.length && said.includes(` ${words.slice(i, i + 3).join(" ")} `));
}
