// The live socket: a reader subscribes to shards, grants credit in cells and gets every cell of a shard in one gap-free, ordered stream,
// first the pinned ones, then each new one. Gives the frames of both directions.
// Not its concern: sockets; when to grant credit (client); when to drop a reader (relay).

import type { Fields } from "@sotto/encoding";
import { decodePinnedCells, encodePinnedCells, type PinnedCell } from "./cell.ts";
import { decodeFrame, encodeFrame } from "./cbor.ts";
import { WireError } from "./errors.ts";
import type { Failure } from "./failure.ts";
import {
  MAX_CELLS_PER_FRAME,
  MAX_CREDIT,
  MAX_LIVE_EVENT_BYTES,
  MAX_LIVE_REQUEST_BYTES,
  MAX_SUBSCRIPTION_ID,
  PINNED_CELL_BYTES,
  PREFIX_BYTES,
} from "./limits.ts";
import { parseShard, type Shard } from "./shard.ts";

/** Where the live socket is (WebSocket). */
export const LIVE_PATH = "/v1/live";

/** What a reader says. */
export type LiveRequest =
  /** All cells of `shard` with a cursor above `after`, then live. `credit` cells may be sent at once; default 0. */
  | { readonly t: "subscribe"; readonly id: number; readonly shard: Shard; readonly after: number; readonly credit?: number }
  /** `cells` more cells may be sent on subscription `id`. */
  | { readonly t: "credit"; readonly id: number; readonly cells: number }
  | { readonly t: "unsubscribe"; readonly id: number }
  | { readonly t: "ping" };

/** What a relay says. */
export type LiveEvent =
  /**
   * `board` (16 bytes) names this board: another one than before means that the old one is lost, cursors included. `head` is the newest
   * cursor of the shard (0: none yet). Cells up to cursor `expired` may be gone.
   */
  | { readonly t: "subscribed"; readonly id: number; readonly board: Uint8Array; readonly head: number; readonly expired: number }
  | { readonly t: "cells"; readonly id: number; readonly cells: readonly PinnedCell[] }
  /** Everything that was pinned when the subscription began has been sent. Said once per subscription. */
  | { readonly t: "live"; readonly id: number }
  /** With `id` that subscription is over; without it the socket is about to close. */
  | ({ readonly t: "error"; readonly id?: number } & Failure)
  | { readonly t: "pong" };

/** Bytes of a board's identity. */
export const BOARD_ID_BYTES = 16;

/** A frame for the relay. */
export function encodeLiveRequest(request: LiveRequest): Uint8Array {
  if (request.t !== "subscribe") return encodeFrame({ ...request });
  const { shard, ...rest } = request;
  return encodeFrame({ ...rest, bits: shard.bits, prefix: shard.prefix });
}

/** Reads a frame of a reader. Throws `frame/invalid`, `frame/too-large`. */
export function decodeLiveRequest(bytes: Uint8Array): LiveRequest {
  const fields = decodeFrame(bytes, MAX_LIVE_REQUEST_BYTES, "a live request");
  const request = liveRequest(fields);
  fields.end();
  return request;
}

function liveRequest(fields: Fields): LiveRequest {
  const t = fields.text("t", 16);
  const id = (): number => fields.uint("id", MAX_SUBSCRIPTION_ID);
  switch (t) {
    case "subscribe":
      return {
        t,
        id: id(),
        shard: parseShard(fields.uint("bits", 8 * PREFIX_BYTES), fields.bytes("prefix", PREFIX_BYTES)),
        after: fields.uint("after"),
        ...(fields.has("credit") && { credit: fields.uint("credit", MAX_CREDIT) }),
      };
    case "credit":
      return { t, id: id(), cells: fields.uint("cells", MAX_CREDIT) };
    case "unsubscribe":
      return { t, id: id() };
    case "ping":
      return { t };
    default:
      throw new WireError("frame/invalid", "a live request of an unknown type");
  }
}

/** A frame for a reader. */
export function encodeLiveEvent(event: LiveEvent): Uint8Array {
  if (event.t === "cells") return encodeLiveCells(event.id, encodePinnedCells(event.cells));
  return encodeFrame({ ...event });
}

/** The frame of cells that are encoded already (1 to 64 pinned cells one after the other). */
export function encodeLiveCells(id: number, cells: Uint8Array): Uint8Array {
  return encodeFrame({ t: "cells", id, cells });
}

/** Reads a frame of a relay; cells are views of it. Throws `frame/invalid`, `frame/too-large`. */
export function decodeLiveEvent(bytes: Uint8Array): LiveEvent {
  const fields = decodeFrame(bytes, MAX_LIVE_EVENT_BYTES, "a live event");
  const event = liveEvent(fields);
  fields.end();
  return event;
}

function liveEvent(fields: Fields): LiveEvent {
  const t = fields.text("t", 16);
  const id = (): number => fields.uint("id", MAX_SUBSCRIPTION_ID);
  switch (t) {
    case "subscribed":
      return { t, id: id(), board: fields.bytes("board", BOARD_ID_BYTES), head: fields.uint("head"), expired: fields.uint("expired") };
    case "cells": {
      const event = { t, id: id(), cells: decodePinnedCells(fields.bytesUpTo("cells", MAX_CELLS_PER_FRAME * PINNED_CELL_BYTES)) } as const;
      if (event.cells.length === 0) throw new WireError("frame/invalid", "a live frame holds no cell");
      return event;
    }
    case "live":
      return { t, id: id() };
    case "error":
      return {
        t,
        ...(fields.has("id") && { id: id() }),
        code: fields.text("code", 64),
        message: fields.text("message", 512),
        ...(fields.has("retryAfter") && { retryAfter: fields.uint("retryAfter") }),
      };
    case "pong":
      return { t };
    default:
      throw new WireError("frame/invalid", "a live event of an unknown type");
  }
}
