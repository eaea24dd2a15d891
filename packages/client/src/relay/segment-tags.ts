// The tags of a closed segment of a board: which cells were pinned in one stretch of the relay's time, without their bodies.
// Takes the way to a relay; gives tags with their cursors. Not a concern here: whose cells these are.

import { decodePinnedTags, type PinnedTag, segmentPath, type Shard } from "@sotto/wire";
import type { Cancellable } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { MAX_TAGS_BYTES, REQUEST_MS } from "../limits.ts";
import { honest } from "./honest.ts";
import { type HttpRoute, sendRequest } from "./http.ts";

/** The tags of a closed segment of a shard, and none of one that has expired; `undefined` while it may still grow. Fails as `sendRequest` does. */
export async function getTags(
  route: HttpRoute,
  shard: Shard,
  segment: number,
  { signal }: Cancellable,
): Promise<readonly PinnedTag[] | undefined> {
  const path = segmentPath(shard, segment, { tags: true });
  try {
    const { body } = await sendRequest(route, { method: "GET", path, maxBytes: MAX_TAGS_BYTES, timeoutMs: REQUEST_MS, signal });
    return honest(() => decodePinnedTags(body));
  } catch (error) {
    if (MessengerError.is(error, "relay/busy") && error.details.code === "segment/open") return undefined;
    if (MessengerError.is(error, "relay/rejected") && error.details.code === "segment/expired") return [];
    throw error;
  }
}
