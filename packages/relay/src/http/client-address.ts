// Whom a rate is counted against: the peer of the socket, or what a trusted proxy says it is. IPv6 clients own whole /64 networks, so these
// count as one.

import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

/** The client's address as a key. `trustProxy`: take the last entry of X-Forwarded-For, the one that our own proxy wrote. */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers["x-forwarded-for"] : undefined;
  const last = (Array.isArray(forwarded) ? forwarded.at(-1) : forwarded)?.split(",").at(-1)?.trim();
  return networkOf(last === undefined || last === "" ? (request.socket.remoteAddress ?? "") : last);
}

/** IPv4 as it is (also when it came mapped into IPv6), IPv6 cut to its /64. */
export function networkOf(address: string): string {
  if (address.startsWith("::ffff:") && address.includes(".")) return address.slice("::ffff:".length);
  if (!isIPv6(address)) return address.slice(0, 64);
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
