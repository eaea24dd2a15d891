// The link of a public address: `<origin>/#/a/<id or @handle>`. It has no secret in it and may be printed anywhere.

import { formatRoute, parseRoute } from "../state/route.ts";

/** The link that shows an address to whoever opens it. */
export function addressLink(origin: string, who: string): string {
  return `${origin}/${formatRoute({ at: "address", who })}`;
}

/** The id or handle that a text means: a link of any relay, or the text itself. A bare handle gets its @. */
export function addressIn(text: string): string {
  const trimmed = text.trim();
  const place = trimmed.includes("#") ? parseRoute(trimmed) : undefined;
  const who = place?.at === "address" ? place.who : trimmed;
  return /^[a-z0-9_]{3,32}$/i.test(who) && !who.startsWith("sotto1") ? `@${who.toLowerCase()}` : who;
}
