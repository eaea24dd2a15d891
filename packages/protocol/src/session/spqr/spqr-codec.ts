// The stored form of the post-quantum ratchet: our own layout, part of the session record's (which carries the version). Reading checks
// form and bounds: `decode/invalid`. spec/03, "stored form".

import type { Reader } from "../../bytes.ts";
import { ProtocolError } from "../../errors.ts";
import { MAX_SKIPPED_KEYS } from "../../limits.ts";
import type { Writer } from "../../writer.ts";
import type { Authenticator } from "./authenticator.ts";
import { MAC } from "./authenticator.ts";
import type { Braid } from "./braid.ts";
import type { EpochChain, EpochChains } from "./epoch-chains.ts";
import { CHUNK, type Decoder, type Encoder } from "./erasure-code.ts";
import { CT1, CT2, EK_VECTOR, HEADER } from "./incremental-kem.ts";
import type { Spqr } from "./spqr.ts";

/** Bytes of the seed of an ML-KEM-768 key pair. */
const SEED = 64;
/** Sending moves at most one epoch before links are dropped; a third is there between an epoch's secret and its first message. */
const MAX_LINKS = 4;

const malformed = (): ProtocolError => new ProtocolError("decode/invalid", "a stored post-quantum ratchet is damaged");

const stateNames = [
  "KeysUnsampled",
  "KeysSampled",
  "HeaderSent",
  "Ct1Received",
  "EkSentCt1Received",
  "NoHeaderReceived",
  "HeaderReceived",
  "Ct1Sampled",
  "EkReceivedCt1Sampled",
  "Ct1Acknowledged",
  "Ct2Sampled",
] as const satisfies readonly Braid["name"][];

export function writeSpqr(writer: Writer, { braid, chains }: Spqr): void {
  writeBraid(writer, braid);
  writeChains(writer, chains);
}

export function readSpqr(reader: Reader): Spqr {
  return { braid: readBraid(reader), chains: readChains(reader) };
}

function writeBraid(writer: Writer, braid: Braid): void {
  writer.byte(stateNames.indexOf(braid.name)).uint(8, braid.epoch).fixed(braid.auth.root).fixed(braid.auth.macKey);
  switch (braid.name) {
    case "KeysUnsampled":
      break;
    case "KeysSampled":
      writer.fixed(braid.seed).fixed(braid.ekVector);
      writeEncoder(writer, braid.headerOut);
      break;
    case "HeaderSent":
      writer.fixed(braid.seed);
      writeEncoder(writer, braid.ekOut);
      writeDecoder(writer, braid.ct1In);
      break;
    case "Ct1Received":
      writer.fixed(braid.seed).fixed(braid.ct1);
      writeEncoder(writer, braid.ekOut);
      break;
    case "EkSentCt1Received":
      writer.fixed(braid.seed).fixed(braid.ct1);
      writeDecoder(writer, braid.ct2In);
      break;
    case "NoHeaderReceived":
      writeDecoder(writer, braid.headerIn);
      break;
    case "HeaderReceived":
      writer.fixed(braid.header);
      break;
    case "Ct1Sampled":
      writer.fixed(braid.header).fixed(braid.message).fixed(braid.ct1);
      writeEncoder(writer, braid.ct1Out);
      writeDecoder(writer, braid.ekIn);
      break;
    case "EkReceivedCt1Sampled":
      writer.fixed(braid.header).fixed(braid.message).fixed(braid.ct1).fixed(braid.ekVector);
      writeEncoder(writer, braid.ct1Out);
      break;
    case "Ct1Acknowledged":
      writer.fixed(braid.header).fixed(braid.message).fixed(braid.ct1);
      writeDecoder(writer, braid.ekIn);
      break;
    case "Ct2Sampled":
      writeEncoder(writer, braid.ct2Out);
      break;
  }
}

function readBraid(reader: Reader): Braid {
  const name = stateNames[reader.byte()];
  const epoch = reader.uint(8);
  const auth: Authenticator = { root: reader.take(32), macKey: reader.take(32) };
  const common = { epoch, auth };
  const encapsulated = (): { header: Uint8Array; message: Uint8Array; ct1: Uint8Array } => ({
    header: reader.take(HEADER),
    message: reader.take(32),
    ct1: reader.take(CT1),
  });
  switch (name) {
    case "KeysUnsampled":
      return { name, ...common };
    case "KeysSampled":
      return { name, ...common, seed: reader.take(SEED), ekVector: reader.take(EK_VECTOR), headerOut: readEncoder(reader, HEADER + MAC) };
    case "HeaderSent":
      return { name, ...common, seed: reader.take(SEED), ekOut: readEncoder(reader, EK_VECTOR), ct1In: readDecoder(reader, CT1) };
    case "Ct1Received":
      return { name, ...common, seed: reader.take(SEED), ct1: reader.take(CT1), ekOut: readEncoder(reader, EK_VECTOR) };
    case "EkSentCt1Received":
      return { name, ...common, seed: reader.take(SEED), ct1: reader.take(CT1), ct2In: readDecoder(reader, CT2 + MAC) };
    case "NoHeaderReceived":
      return { name, ...common, headerIn: readDecoder(reader, HEADER + MAC) };
    case "HeaderReceived":
      return { name, ...common, header: reader.take(HEADER) };
    case "Ct1Sampled":
      return { name, ...common, ...encapsulated(), ct1Out: readEncoder(reader, CT1), ekIn: readDecoder(reader, EK_VECTOR) };
    case "EkReceivedCt1Sampled":
      return { name, ...common, ...encapsulated(), ekVector: reader.take(EK_VECTOR), ct1Out: readEncoder(reader, CT1) };
    case "Ct1Acknowledged":
      return { name, ...common, ...encapsulated(), ekIn: readDecoder(reader, EK_VECTOR) };
    case "Ct2Sampled":
      return { name, ...common, ct2Out: readEncoder(reader, CT2 + MAC) };
    default:
      throw malformed();
  }
}

function writeEncoder(writer: Writer, { message, next }: Encoder): void {
  writer.fixed(message).uint(2, next);
}

function readEncoder(reader: Reader, size: number): Encoder {
  return { message: reader.take(size), next: reader.uint(2) };
}

function writeDecoder(writer: Writer, { chunks }: Decoder): void {
  writer.list(chunks, (chunk) => writer.uint(2, chunk.index).fixed(chunk.data));
}

function readDecoder(reader: Reader, size: number): Decoder {
  const count = reader.uint(2);
  // With all chunks a message is complete and its decoder gone.
  if (count >= size / CHUNK) throw malformed();
  const chunks = Array.from({ length: count }, () => ({ index: reader.uint(2), data: reader.take(CHUNK) }));
  if (new Set(chunks.map((chunk) => chunk.index)).size !== count) throw malformed();
  return { size, chunks };
}

function writeChains(writer: Writer, { direction, nextRoot, sendingEpoch, links }: EpochChains): void {
  writer
    .byte(direction === "A2B" ? 0 : 1)
    .fixed(nextRoot)
    .uint(8, sendingEpoch);
  writer.list(links, (link) => {
    writer.uint(8, link.epoch).optional(link.sending, (chain) => writeChain(writer, chain));
    writeChain(writer, link.receiving);
    writer.list(link.skipped, ([index, key]) => writer.uint(4, index).fixed(key));
  });
}

function writeChain(writer: Writer, { index, value }: EpochChain): void {
  writer.uint(4, index).fixed(value);
}

const readChain = (reader: Reader): EpochChain => ({ index: reader.uint(4), value: reader.take(32) });

function readChains(reader: Reader): EpochChains {
  const side = reader.byte();
  const nextRoot = reader.take(32);
  const sendingEpoch = reader.uint(8);
  const count = reader.uint(2);
  if (side > 1 || count < 1 || count > MAX_LINKS) throw malformed();
  const links: EpochChains["links"][number][] = [];
  for (let i = 0; i < count; i++) {
    const epoch = reader.uint(8);
    const has = reader.byte();
    const sending = has === 1 ? readChain(reader) : undefined;
    const receiving = readChain(reader);
    const keys = reader.uint(2);
    const last = links.at(-1);
    if (has > 1 || keys > MAX_SKIPPED_KEYS || (last !== undefined && epoch !== last.epoch + 1)) throw malformed();
    const skipped = new Map<number, Uint8Array>();
    for (let k = 0; k < keys; k++) skipped.set(reader.uint(4), reader.take(32));
    if (skipped.size !== keys) throw malformed();
    links.push({ epoch, ...(sending === undefined ? {} : { sending }), receiving, skipped });
  }
  return { direction: side === 0 ? "A2B" : "B2A", nextRoot, sendingEpoch, links };
}
