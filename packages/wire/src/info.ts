// What a relay says about itself (`GET /v1/info`). A reader believes none of it where its anonymity is concerned (spec §4).

import { decodeFrame, encodeFrame } from "./cbor.ts";
import { MAX_ANSWER_BYTES } from "./limits.ts";
import { BOARD_ID_BYTES } from "./live.ts";

/** Where it is (`GET`). */
export const INFO_PATH = "/v1/info";
/** The version of this contract. */
export const WIRE_PROTOCOL = 1;

/** A relay's bounds, as far as a client has to know them. */
export interface RelayLimits {
  /** Records in one append request. */
  readonly appendRecords: number;
  /** Subscriptions on one live socket. */
  readonly subscriptions: number;
  /** Bytes of a blob, and of one part of its upload. */
  readonly blobBytes: number;
  readonly blobPartBytes: number;
}

/** What a relay says about itself. */
export interface RelayInfo {
  readonly protocol: number;
  /** 16 random bytes that name the board; they change only if it was lost. */
  readonly board: Uint8Array;
  /** Suggested bits of a shard. A suggestion, no more. */
  readonly bits: number;
  /** How long a cell, and a blob, is kept. */
  readonly retentionMs: number;
  readonly blobRetentionMs: number;
  /** Length of a segment. */
  readonly segmentMs: number;
  readonly limits: RelayLimits;
  /** The relay's release, for people. */
  readonly build: string;
}

/** The answer of a relay. */
export function encodeInfo(info: RelayInfo): Uint8Array {
  return encodeFrame({ ...info, limits: { ...info.limits } });
}

/** Reads the answer of a relay. Throws `frame/invalid`, `frame/too-large`. */
export function decodeInfo(bytes: Uint8Array): RelayInfo {
  const fields = decodeFrame(bytes, MAX_ANSWER_BYTES, "a relay's info");
  const info: RelayInfo = {
    protocol: fields.uint("protocol"),
    board: fields.bytes("board", BOARD_ID_BYTES),
    bits: fields.uint("bits", 64),
    retentionMs: fields.uint("retentionMs"),
    blobRetentionMs: fields.uint("blobRetentionMs"),
    segmentMs: fields.uint("segmentMs"),
    limits: fields.map("limits", (limits) => ({
      appendRecords: limits.uint("appendRecords"),
      subscriptions: limits.uint("subscriptions"),
      blobBytes: limits.uint("blobBytes"),
      blobPartBytes: limits.uint("blobPartBytes"),
    })),
    build: fields.text("build", 64),
  };
  fields.end();
  return info;
}
