import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { clientAddress, networkOf } from "./client-address.ts";

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  return {
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  } as unknown as IncomingMessage;
}

describe("clientAddress", () => {
  it("believes a proxy only when told to, and only what that proxy wrote itself", () => {
    expect(clientAddress(request("10.0.0.1", "1.2.3.4"), false)).toBe("10.0.0.1");
    expect(clientAddress(request("10.0.0.1", "6.6.6.6, 1.2.3.4"), true)).toBe("1.2.3.4");
    expect(clientAddress(request("10.0.0.1"), true)).toBe("10.0.0.1");
    expect(clientAddress(request("10.0.0.1", ""), true)).toBe("10.0.0.1");
  });

  it.each([
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["x".repeat(1000), "x".repeat(64)],
  ])("counts %s as %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
