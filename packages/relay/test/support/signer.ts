// Signs as an account or device would, without the protocol's code: an Ed25519 key seen as Curve25519 (u = (1 + y) / (1 - y)), the sign of its
// point in the signature's top bit. A second opinion on the relay's verification.

import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type PublishedBundle, writeBe8 } from "@sotto/wire";

const P = 2n ** 255n - 19n;

/** A key that signs. */
export interface Signer {
  /** 33 bytes. */
  readonly key: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** A new key. */
export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const edwards = rawKey(publicKey);
  const signBit = (edwards[31] as number) & 0x80;
  const y = littleEndian(edwards) & ((1n << 255n) - 1n);
  const u = ((1n + y) * power((1n - y + P) % P, P - 2n)) % P;
  return {
    key: Uint8Array.of(5, ...Buffer.from(u.toString(16).padStart(64, "0"), "hex").reverse()),
    sign(message) {
      const signature = new Uint8Array(sign(null, message, privateKey));
      signature[63] = (signature[63] as number) | signBit;
      return signature;
    },
  };
}

/** A device of an account. */
export interface TestDevice {
  readonly id: number;
  readonly signer: Signer;
}

/** A signed device list (spec §2). */
export function signedList(account: Signer, devices: readonly TestDevice[], version: number): Uint8Array {
  const entries = devices.map(({ id, signer }) =>
    bytes(Uint8Array.of(id), signer.key, be8(1), signer.sign(bytes(ascii("Sotto Device v1"), account.key, Uint8Array.of(id), signer.key))),
  );
  const encoding = bytes(
    Uint8Array.of(1),
    be8(version),
    be8(2),
    account.key,
    new Uint8Array(32),
    Uint8Array.of(devices.length),
    ...entries,
  );
  return bytes(encoding, account.sign(bytes(ascii("Sotto DeviceList v1"), encoding)));
}

/** A signed bundle (spec §5) and the list of one-time prekeys that it signs, if any; `locator` tells two of the same time apart. */
export function signedBundle(
  account: Uint8Array,
  device: TestDevice,
  issued: number,
  { locator = 0, oneTime }: { readonly locator?: number; readonly oneTime?: Uint8Array } = {},
): PublishedBundle {
  const hash = oneTime === undefined ? new Uint8Array(32) : createHash("sha256").update(oneTime).digest();
  return { bytes: bundleWithHash(account, device, issued, hash, locator), ...(oneTime && { oneTime }) };
}

/** A signed bundle that signs this hash of one-time prekeys (32 bytes). */
export function bundleWithHash(account: Uint8Array, device: TestDevice, issued: number, hash: Uint8Array, locator = 0): Uint8Array {
  const head = bytes(Uint8Array.of(1), account, Uint8Array.of(device.id, 0, 1), be8(issued));
  const encoding = bytes(head, Uint8Array.of(0), new Uint8Array(8).fill(locator), hash);
  return bytes(encoding, device.signer.sign(bytes(ascii("Sotto Bundle v1"), encoding)));
}

/** The parts one after the other. */
export function bytes(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function be8(value: number): Uint8Array {
  const encoded = new Uint8Array(8);
  writeBe8(encoded, 0, value);
  return encoded;
}

function rawKey(key: KeyObject): Uint8Array {
  return key.export({ format: "der", type: "spki" }).subarray(-32);
}

function littleEndian(encoded: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(encoded).reverse().toString("hex")}`);
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
