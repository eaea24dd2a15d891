// Web addresses in a text. Takes hostile text, gives pieces of it in order; a piece with `href` is an http(s) address that the
// browser's own parser accepts. The text of a link is the address itself, so that it cannot say one thing and lead to another.

export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?…)\]}»”’]+$/u;

/** The pieces of a text; joined, they are the text. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0]);
    const href = parse(address);
    if (href === undefined) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push({ text: address, href });
    done = match.index + address.length;
  }
  if (done < text.length || pieces.length === 0) pieces.push({ text: text.slice(done) });
  return pieces;
}

/** Without the punctuation behind it; a closing bracket stays when the address opened it. */
function trim(address: string): string {
  const end = TRAILING.exec(address);
  if (end === null) return address;
  const trimmed = address.slice(0, end.index);
  return end[0].startsWith(")") && trimmed.includes("(") && !trimmed.includes(")") ? `${trimmed})` : trimmed;
}

function parse(address: string): string | undefined {
  try {
    const url = new URL(address);
    // A name before the host ("https://bank.example@evil.example") is only ever there to mislead.
    return url.username === "" && url.password === "" && url.hostname !== "" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
