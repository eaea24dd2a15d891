// Somebody who photographed the QR code: reads and writes every cell that follows from it, and builds messages by hand. For attack tests.

import type { Primitives } from "../../src/primitives/primitives.ts";
import type { Cell } from "../../src/stream/cell.ts";
import { type CellAddress, openCell, sealCell } from "../../src/stream/cell.ts";
import { type CellName, cellNumbers, pairingAddresses } from "../../src/pairing/cells.ts";
import { type OpeningRule, commit } from "../../src/pairing/commitment.ts";
import { encodeInfo } from "../../src/pairing/info.ts";
import { type KeyMaterial, type PairingKeys, agreeOnKeys, pairingCodes, sealMessage } from "../../src/pairing/keys.ts";
import { advance } from "../../src/pairing/machine.ts";
import * as messages from "../../src/pairing/messages.ts";
import { type PairingQr, readQr } from "../../src/pairing/qr.ts";
import { ascii, be2, concat, equalBytes } from "../../src/bytes.ts";
import { Secret } from "../../src/secret.ts";
import type { PairingRole } from "../../src/pairing/events.ts";
import type { Step, World } from "./world.ts";

/** What a photograph of the code gives. */
export class Photograph {
  readonly p: Primitives;
  readonly qr: PairingQr;
  readonly addresses: Readonly<Record<CellName, CellAddress>>;

  constructor(p: Primitives, qrText: string) {
    this.p = p;
    this.qr = readQr(qrText);
    this.addresses = pairingAddresses(p, this.qr.psk);
  }

  /** Which message a cell is. */
  nameOf(cell: Cell): CellName | undefined {
    return (Object.keys(cellNumbers) as CellName[]).find((name) => equalBytes(this.addresses[name].tag, cell.tag));
  }

  read(cell: Cell): Uint8Array {
    const name = this.nameOf(cell);
    if (name === undefined) throw new Error("a cell of another run");
    return openCell(this.p, this.addresses[name], cell.body).payload;
  }

  /** What is on the board as a message. */
  find(world: World, name: CellName): Uint8Array | undefined {
    const cell = world.board.find(this.addresses[name].tag);
    return cell === undefined ? undefined : this.read(cell);
  }

  seal(name: CellName, payload: Uint8Array): Cell {
    return { tag: this.addresses[name].tag, body: sealCell(this.p, this.addresses[name], "pairing", payload) };
  }
}

/** A false reader of somebody's code: chooses its values freely, and its opening as late as it can. */
export class FalseScanner {
  readonly photo: Photograph;
  readonly #p: Primitives;
  readonly #privateKey: Uint8Array;
  readonly info: Uint8Array;
  readonly nonce: Uint8Array;
  readonly message: Uint8Array;

  constructor(p: Primitives, qrText: string, role: PairingRole = "receive") {
    this.photo = new Photograph(p, qrText);
    this.#p = p;
    this.#privateKey = p.randomBytes(32);
    this.info = encodeInfo({ role, deviceName: "new laptop" });
    this.nonce = p.randomBytes(32);
    this.message = p.randomBytes(32);
  }

  /** With 0 or 1 as its u-coordinate every agreement gives zeros: somebody who does not want to have to know a private key. */
  smallOrder: 0 | 1 | undefined;

  /** M1 with a commitment, by default to the values that it has from the start. */
  claim(commitment: Uint8Array = commit(this.#p, this.nonce, this.message, this.info)): Cell {
    this.#commitment = commitment;
    return this.photo.seal("M1", this.#m1());
  }

  #commitment: Uint8Array = new Uint8Array(32);

  #m1(): Uint8Array {
    const point = new Uint8Array(32).with(0, this.smallOrder ?? 0);
    const exchangeKey = this.smallOrder === undefined ? this.#p.x25519PublicKey(this.#privateKey) : point;
    return messages.encodeClaim({ exchangeKey, commitment: this.#commitment });
  }

  /** The keys that an encapsulation with `message` leads to, once M2 is known. */
  agree(m2: Uint8Array, message: Uint8Array): { ciphertext: Uint8Array; keys: Omit<PairingKeys, "codes">; displayNonce: Uint8Array } {
    const answer = messages.decodeAnswer(m2);
    const encapsulation = this.#p.mlKem768.encapsulate(answer.kemKey, message);
    if (encapsulation === undefined) throw new Error("the honest side's key is well-formed");
    const { ciphertext, sharedSecret } = encapsulation;
    const { qr } = this.photo;
    const exchanged = this.smallOrder === undefined ? this.#p.x25519(this.#privateKey, qr.exchangeKey) : new Uint8Array(32);
    const material = { qr: qr.bytes.expose(), psk: qr.psk, m1: this.#m1(), m2, ciphertext, exchanged, encapsulated: sharedSecret };
    return {
      ciphertext,
      keys: this.smallOrder === undefined ? agreeOnKeys(this.#p, material) : agreeUnchecked(this.#p, material),
      displayNonce: answer.nonce,
    };
  }

  /** The code that the giver will expect from this false new device. */
  code(agreement: ReturnType<FalseScanner["agree"]>, nonce: Uint8Array): string {
    return String.fromCharCode(...pairingCodes(this.#p, agreement.keys, nonce, agreement.displayNonce).compare.expose());
  }

  /** M3 that shows these values, whatever was committed to. */
  open(agreement: ReturnType<FalseScanner["agree"]>, nonce: Uint8Array, message: Uint8Array): Cell {
    const introduction = messages.encodeIntroduction(this.#p, this.info, undefined, agreement.keys.transcript);
    const opening = messages.encodeOpening({ nonce, message, introduction });
    const box = sealMessage(this.#p, agreement.keys, "M3", this.photo.addresses.M3, opening);
    return this.photo.seal("M3", messages.joinOpening(agreement.ciphertext, box));
  }
}

/** The rules of `agreeOnKeys` without its refusal of zeros, which the attacker does not share. */
function agreeUnchecked(p: Primitives, { qr, psk, m1, m2, ciphertext, exchanged, encapsulated }: KeyMaterial): Omit<PairingKeys, "codes"> {
  const said = [qr, m1, m2, ciphertext].flatMap((part) => [be2(part.length), part]);
  const transcript = p.sha256(concat(ascii("Sotto Pair v1 T"), ...said));
  return { transcript, prk: new Secret(p.hkdfExtract(transcript, concat(exchanged, encapsulated, psk.expose()))) };
}

/** Our machine with another rule for openings: the planted weakness. Production code cannot reach this seam: pairing.ts passes its own. */
export const weakened =
  (opening: OpeningRule): Step =>
  (p, state, event, now) =>
    advance(p, { opening }, state, event, now);
