// Under which address other devices of the same network reach this computer. Takes what os.networkInterfaces() says; gives one IPv4.

interface Address {
  address: string;
  family: string;
  internal: boolean;
}

/** The likeliest IPv4 address in a home or office network; undefined without one. Containers' and tunnels' interfaces come last. */
export function lanAddress(interfaces: Readonly<Record<string, readonly Address[] | undefined>>): string | undefined {
  const found = Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? []).filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => ({ name, address })),
  );
  return found.toSorted((a, b) => rank(a) - rank(b))[0]?.address;
}

function rank({ name, address }: { name: string; address: string }): number {
  const isVirtual = /^(docker|br-|veth|virbr|vmnet|utun|tun|tap|wg|tailscale)/.test(name);
  const isLinkLocal = address.startsWith("169.254.");
  const isPrivate = /^(192\.168\.|10\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
  return (isVirtual ? 4 : 0) + (isLinkLocal ? 2 : 0) + (isPrivate ? 0 : 1);
}
